import type { FieldChange } from '../../core/config-record/changes.ts';
import { describeGiven, isMap } from '../../core/config-record/given.ts';
import { CONFIG_FIELDS } from '../../core/config-record.ts';
import { type Problem, problemPath } from '../../core/problems.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { MASKED } from '../views/pipelines.ts';

/** A value with it was begun as a mask. */
const DOT = '•';

type ConfigItem = Readonly<Record<string, unknown>>;

/** Fields whose values are shown. Whatever is no field at all may be a mistyped `environment`. */
const SHOWN: ReadonlySet<string> = new Set(CONFIG_FIELDS.filter((field) => field !== 'environment'));
/** A valid record has no others, and these are worked out from it. */
const SHOWN_OF_WANTED: ReadonlySet<string> = new Set([...SHOWN, 'concurrencySource', 'rateLimits']);

/** The record with the values masked of its environment, and of all that is no field of a record; names stay. */
export function masked<R extends ConfigItem>(record: R, shown = SHOWN): R {
  return withFields(record, (field, value) => (shown.has(field) ? value : hidden(value))) as R;
}

function hidden(value: unknown): unknown {
  if (value === undefined) return value;
  return isMap(value) ? withFields(value, () => MASKED) : MASKED;
}

function withFields(map: ConfigItem, change: (name: string, value: unknown) => unknown): ConfigItem {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(name, value)]));
}

/** The status record with the values masked of what is applied and of what is under way. */
export function maskedStatus(status: StatusRecord): StatusRecord {
  const hide = <T extends { readonly wanted: object }>(target: T): T => ({
    ...target,
    wanted: masked(target.wanted as ConfigItem, SHOWN_OF_WANTED) as T['wanted'],
  });
  const { applied, run } = status;
  return {
    ...status,
    ...(applied && { applied: hide(applied) }),
    ...(run?.target && { run: { ...run, target: hide(run.target) } }),
  };
}

/** The field that a path begins with; odd names, which no field has, stand in quotes. */
const FIELD = /^[A-Za-z_][A-Za-z0-9_-]*(?=$|[.[])/;

/** Changes as they may be shown: of values that are masked that they change, not from what to what. */
export function maskedChanges(changes: readonly FieldChange[]): readonly FieldChange[] {
  return changes.map((change) => {
    const { path, from, to } = change;
    if (SHOWN.has(FIELD.exec(path)?.[0] ?? '')) return change;
    if (from !== undefined && to !== undefined) return { path, from: MASKED, to: MASKED, says: 'changed' };
    return { path, ...(from !== undefined && { from: MASKED }), ...(to !== undefined && { to: MASKED }) };
  });
}

/** A record whose masks have been replaced by what they stand for, and the masks that stand for nothing. */
export interface Unmasked {
  readonly record: unknown;
  readonly problems: readonly Problem[];
}

/** @param stands the record in the table */
export function unmasked(record: unknown, stands: ConfigItem | undefined): Unmasked {
  if (!isMap(record)) return { record, problems: [] };
  const restored = withFields(record, (field, value) =>
    SHOWN.has(field) ? value : restoredFrom(own(stands, field), value),
  );
  const { environment } = restored;
  const known = own(stands, 'environment');
  const begun = isMap(environment)
    ? Object.entries(environment).filter(
        // One that stands there is taken as it is, whatever it looks like.
        ([name, value]) => typeof value === 'string' && value.includes(DOT) && value !== own(known, name),
      )
    : [];
  return { record: restored, problems: begun.map(([name, value]) => maskProblem(name, value)) };
}

function restoredFrom(stood: unknown, value: unknown): unknown {
  if (isMap(value))
    return withFields(value, (name, inner) => (inner === MASKED ? (own(stood, name) ?? inner) : inner));
  return value === MASKED && !isMap(stood) ? (stood ?? value) : value;
}

/** What a map has by this name itself, not by its prototype. */
function own(map: unknown, name: string): unknown {
  return isMap(map) && Object.hasOwn(map, name) ? map[name] : undefined;
}

function maskProblem(name: string, value: unknown): Problem {
  const at = { path: problemPath(['environment', name]), code: 'NotAllowed' } as const;
  return value === MASKED
    ? {
        ...at,
        allowed: 'the value itself',
        given: 'a mask, and the record in the table has no such variable',
        hint: 'write its value',
      }
    : {
        ...at,
        allowed: `a text without ${DOT}, which stands for what is not shown`,
        given: describeGiven(value, true),
        hint: `write the whole value, or ${MASKED} alone to keep the one that is there`,
      };
}
