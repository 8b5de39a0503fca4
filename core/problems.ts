/**
 * What is wrong with something a person wrote: where, what is allowed, what was given, what to do.
 * Texts are for people and may change; `code` and `path` are for programs and do not.
 */

/** Why a value is refused. Stable: other people's programs may branch on it. */
export type ProblemCode =
  | 'Missing'
  | 'WrongType'
  | 'OutOfRange'
  | 'NotAllowed'
  | 'UnknownField'
  | 'Conflict'
  | 'AccountLimit';

export interface Problem {
  /** Where, as `rateLimit[0].tasks`; empty for the record as a whole. */
  readonly path: string;
  readonly code: ProblemCode;
  /** Reads on from "must be", as `an integer of 1 or more`. */
  readonly allowed: string;
  /** What was there, short; a secret's kind and size, never its content. */
  readonly given: string;
  /** What to do about it. */
  readonly hint: string;
}

/** One line for a person: `rateLimit[0].tasks must be an integer of 1 or more, got 0 — leave rateLimit out …`. */
export function problemMessage(problem: Problem): string {
  const where = problem.path === '' ? 'the config record' : problem.path;
  if (problem.code === 'UnknownField') return `${where} is not a known field — ${problem.hint}`;
  return `${where} must be ${problem.allowed}, got ${problem.given} — ${problem.hint}`;
}

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Writes a path as people do: `['rateLimit', 0, 'tasks']` → `rateLimit[0].tasks`, odd keys in quotes. */
export function problemPath(segments: readonly PropertyKey[]): string {
  return segments.reduce<string>((path, segment) => {
    if (typeof segment === 'number') return `${path}[${segment}]`;
    const key = String(segment);
    if (key.length > 64 || !PLAIN_KEY.test(key)) return `${path}[${JSON.stringify(shorten(key, 64))}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
}

/** Cuts a text to `length` characters and marks the cut. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
