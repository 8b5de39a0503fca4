import { type Problem, problemPath } from '../problems.ts';
import type { ConfigRecord } from './schema.ts';

/** What a record is judged by besides itself. */
export interface ConfigFacts {
  readonly stage: string;
  /** The account's concurrent executions, from GetAccountSettings. */
  readonly accountConcurrency?: number;
  /** Mean duration of this group's tasks. */
  readonly measuredSeconds?: number;
}

/** A record as a rule sees it. */
interface Judged {
  /** The fields that are right by themselves, defaults filled in. */
  readonly fields: Partial<ConfigRecord>;
  /** The record as plain values, right or wrong. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly facts: ConfigFacts;
}

/** A rule that looks at more than one field, or at the world. It passes over fields that are wrong by themselves. */
export interface CrossFieldRule {
  /** One sentence for the reference, Markdown. */
  readonly rule: string;
  /** Where AWS says so. */
  readonly source?: string;
  problems(judged: Judged): Problem[];
}

/** What is wrong between two fields. */
export function conflict(
  path: readonly PropertyKey[],
  allowed: string,
  given: string | number,
  hint: string,
): Problem[] {
  return [{ path: problemPath(path), code: 'Conflict', allowed, given: JSON.stringify(given), hint }];
}
