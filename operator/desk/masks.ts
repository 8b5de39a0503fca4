import { isMap } from '../../core/config-record/given.ts';
import { type Problem, problemPath } from '../../core/problems.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { FieldChange } from '../views/pipelines.ts';

/** What stands for a value of the environment that is not shown. */
export const MASKED = '••••••••';

type ConfigItem = Readonly<Record<string, unknown>>;

/** The record with its environment's values masked; names stay. */
export function masked<R extends ConfigItem>(record: R): R {
  const { environment } = record;
  if (environment === undefined) return record;
  const hidden = isMap(environment)
    ? Object.fromEntries(Object.keys(environment).map((name) => [name, MASKED]))
    : MASKED;
  return { ...record, environment: hidden };
}

/** The status record with the values masked of what is applied and of what is under way. */
export function maskedStatus(status: StatusRecord): StatusRecord {
  const hide = <T extends { readonly wanted: object }>(target: T): T => ({
    ...target,
    wanted: masked(target.wanted as ConfigItem) as T['wanted'],
  });
  const { applied, run } = status;
  return {
    ...status,
    ...(applied && { applied: hide(applied) }),
    ...(run?.target && { run: { ...run, target: hide(run.target) } }),
  };
}

/** Changes as they may be shown: that a value of the environment changes, not from what to what. */
export function maskedChanges(changes: readonly FieldChange[]): readonly FieldChange[] {
  return changes.map((change) =>
    /^environment($|[.[])/.test(change.path)
      ? {
          path: change.path,
          ...(change.from !== undefined && { from: MASKED }),
          ...(change.to !== undefined && { to: MASKED }),
        }
      : change,
  );
}

/** A record whose masks have been replaced by what they stand for, and the masks that stand for nothing. */
export interface Unmasked {
  readonly record: unknown;
  readonly problems: readonly Problem[];
}

/** @param stands the record in the table */
export function unmasked(record: unknown, stands: ConfigItem | undefined): Unmasked {
  if (!isMap(record) || !isMap(record.environment)) return { record, problems: [] };
  const known = isMap(stands?.environment) ? stands.environment : {};
  const entries = Object.entries(record.environment);
  const environment = entries.map(([name, value]) => [name, value === MASKED ? known[name] : value]);
  const unknown = entries.filter(([name, value]) => value === MASKED && known[name] === undefined);
  return {
    record: { ...record, environment: Object.fromEntries(environment) },
    problems: unknown.map(([name]) => ({
      path: problemPath(['environment', name]),
      code: 'NotAllowed',
      allowed: 'the value itself',
      given: 'a mask, and the record in the table has no such variable',
      hint: 'write its value',
    })),
  };
}
