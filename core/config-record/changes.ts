import { problemPath } from '../problems.ts';
import { isMap } from './given.ts';

/** A field that differs; `from` is absent where there was none, `to` where there is none now. Plain JSON. */
export interface FieldChange {
  /** As `rateLimit.tasks`. */
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
  /** What became of it, where its values are not shown. */
  readonly says?: 'added' | 'changed' | 'removed';
}

type Path = readonly PropertyKey[];

/**
 * What differs between two records, field by field, in the order of the new one's fields; those that go come last. Maps are
 * looked into, and lists of the same length, too.
 * @param before absent: there was none
 */
export function changesBetween(
  before: Readonly<Record<string, unknown>> | undefined,
  after: Readonly<Record<string, unknown>> | undefined,
): readonly FieldChange[] {
  return inMaps(before ?? {}, after ?? {}, []);
}

type Fields = Readonly<Record<string, unknown>>;

function inMaps(before: Fields, after: Fields, path: Path): readonly FieldChange[] {
  return keysOf(after, before).flatMap((key) => inValues(before[key], after[key], [...path, key]));
}

function inValues(before: unknown, after: unknown, path: Path): readonly FieldChange[] {
  if (isSame(before, after)) return [];
  if (isMap(before) && isMap(after)) return inMaps(before, after, path);
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return after.flatMap((item, at) => inValues(before[at], item, [...path, at]));
  }
  // A map that comes or goes is told field by field, unless it is empty.
  if (before === undefined && hasFields(after)) return inMaps({}, after, path);
  if (after === undefined && hasFields(before)) return inMaps(before, {}, path);
  const from = before !== undefined && { from: before };
  const to = after !== undefined && { to: after };
  return [{ path: problemPath(path), ...from, ...to }];
}

function hasFields(value: unknown): value is Fields {
  return isMap(value) && Object.keys(value).length > 0;
}

function keysOf(first: object, second: object): readonly string[] {
  return [...new Set([...Object.keys(first), ...Object.keys(second)])];
}

/** Whether two values of plain JSON say the same, whatever the order of their fields. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  return keysOf(a, b).every((key) => isSame(a[key], b[key]));
}
