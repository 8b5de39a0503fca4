import type { BurstRecord } from './record.ts';

/**
 * Looks through the dead letters of a burst's pipeline that did not come to their end, one after the other. What they
 * have seen stays out of sight, so that the next one sees others, and one that finds no more has seen them all.
 */
export interface LetterLooks {
  readonly count: number;
  /** False while one is under way, and after one that died: what it has seen is not counted. */
  readonly isUnbroken: boolean;
}

/** How long letters stay out of sight that a look has seen which cannot see all; a tick sees others each minute. */
export const HIDDEN_LONG_SECONDS = 900;
/** So many looks go by until the first letters are in sight again: more see no more. */
const MOST_LOOKS = 14;
/** One goes on where the one before it has stopped. */
const NEXT_MS = 60_000;

/** Why tasks of a burst that has ended may be dead letters that it does not count; for people. */
export const NOT_ALL_LETTERS =
  'its pipeline has more dead letters than could be looked through: some of its tasks may be among them';

/** The record of a burst whose letters are about to be looked for: nobody else does until they are in sight again. */
export function looking(record: BurstRecord, nowMs: number): BurstRecord {
  const count = (record.letterLooks?.count ?? 0) + 1;
  return {
    ...record,
    letterLooks: { count, isUnbroken: false },
    checkAtMs: nowMs + HIDDEN_LONG_SECONDS * 1000 + NEXT_MS,
  };
}

/**
 * And once that look has stopped before its end, with all counted that it has seen.
 * @returns undefined where there were enough of them
 */
export function lookedInPart(record: BurstRecord, nowMs: number): BurstRecord | undefined {
  const { count } = record.letterLooks ?? { count: 1 };
  if (count >= MOST_LOOKS) return undefined;
  return { ...record, letterLooks: { count, isUnbroken: true }, checkAtMs: nowMs + NEXT_MS };
}
