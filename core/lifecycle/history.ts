import { changesBetween, type FieldChange } from '../config-record/changes.ts';
import { isMap } from '../config-record/given.ts';
import { CONFIG_FIELDS, parseConfigRecord, type Wanted } from '../config-record.ts';
import { shorten } from '../problems.ts';
import type { Target } from './target.ts';

/** What a run has changed, for a line in the log; no value of an environment is in it. */
export interface ChangesTold {
  readonly changed: readonly FieldChange[];
  /** So many more fields, for which there was no room. */
  readonly moreChanged?: number;
}

/** A record has about 25 fields; only an environment can have more names. */
const FIELDS_MOST = 32;
const VALUE_CHARACTERS = 100;
/** Of all changes as JSON. */
export const CHANGES_BYTES = 4_096;

type Fields = Readonly<Record<string, unknown>>;

/**
 * What differs between what was applied and what is now, field by field as a record has them; of the environment only
 * which names came, changed and went.
 * @param before absent: nothing was applied. Then it is told what is not as it would be without the record saying so.
 */
export function changesApplied(before: Target | undefined, after: Target): ChangesTold {
  const changes =
    before === undefined
      ? changesBetween(plainFields(), fieldsOf(after)).flatMap(({ path, to }) =>
          to === undefined ? [] : [{ path, to }],
        )
      : [...changesBetween(fieldsOf(before), fieldsOf(after)), ...settingsChanged(before, after)];
  const all = [...changes.map(shown), ...namesChanged(before, after)];
  const changed = withinBounds(all);
  const left = all.length - changed.length;
  return { changed, ...(left > 0 && { moreChanged: left }) };
}

/** Reads what a line of the log tells; a line may be of another version, or have none. */
export function changesTold(detail: Fields): ChangesTold | undefined {
  const { changed, moreChanged } = detail;
  if (!Array.isArray(changed)) return undefined;
  return {
    changed: changed.filter((one) => isMap(one) && typeof one.path === 'string') as FieldChange[],
    ...(typeof moreChanged === 'number' && moreChanged > 0 && { moreChanged }),
  };
}

/** Told by name alone, and of what is no field of a record nothing at all. */
const UNTOLD = new Set(['pipelineId', 'environment']);

/** What people would have to write for it, and what comes to it from elsewhere. */
function fieldsOf({ wanted, code, enabled, lease }: Target): Fields {
  return {
    ...recordOf(wanted),
    code: { version: code.version },
    ...(lease && { lease }),
    ...(!enabled && !wanted.paused && { resting: true }),
  };
}

function recordOf(wanted: Wanted): Fields {
  const { rateLimits, ...others } = wanted;
  const [first, ...more] = rateLimits;
  const rateLimit = more.length === 0 ? first : rateLimits;
  const fields: Fields = { ...others, ...(rateLimit && { rateLimit }) };
  const told = CONFIG_FIELDS.filter((name) => !UNTOLD.has(name) && fields[name] !== undefined);
  return Object.fromEntries(told.map((name) => [name, fields[name]]));
}

/** As of a record that says nothing. */
function plainFields(): Fields {
  const parsed = parseConfigRecord({ pipelineId: 'a' }, { stage: 'a' });
  // The key stands beside its version, also where it is the one that all have.
  const { codeKey: _key, ...fields } = parsed.kind === 'valid' ? recordOf(parsed.wanted) : {};
  return fields;
}

/** The stage itself was deployed with others. */
function settingsChanged(before: Target, after: Target): readonly FieldChange[] {
  return before.settingsHash === after.settingsHash ? [] : [{ path: 'stage.settings', says: 'changed' }];
}

function namesChanged(before: Target | undefined, after: Target): readonly FieldChange[] {
  const of = (target: Target | undefined) => ({ environment: target?.wanted.environment ?? {} });
  return changesBetween(of(before), of(after)).map(({ path, from, to }) => ({
    path,
    says: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed',
  }));
}

function shown({ from, to, ...change }: FieldChange): FieldChange {
  return {
    ...change,
    ...(from !== undefined && { from: shortened(from) }),
    ...(to !== undefined && { to: shortened(to) }),
  };
}

function shortened(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > VALUE_CHARACTERS ? shorten(text, VALUE_CHARACTERS) : value;
}

/** The first of them that there is room for. */
function withinBounds(changes: readonly FieldChange[]): readonly FieldChange[] {
  let bytes = '[]'.length;
  const end = changes.findIndex((change, at) => {
    bytes += Buffer.byteLength(JSON.stringify(change)) + ','.length;
    return at >= FIELDS_MOST || bytes > CHANGES_BYTES;
  });
  return end < 0 ? changes : changes.slice(0, end);
}
