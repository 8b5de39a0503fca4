import { type BuriedLetter, noteOf, reasonOf, redrivesOf } from '../dead-letter.ts';

/** Which dead letters somebody wants sent again. */
export interface Wish {
  /** Those of this reason; one that ends in `*`: of all reasons that begin so. Absent: whatever the reason. */
  readonly reason?: string | undefined;
  /** So many at most. */
  readonly first?: number | undefined;
  /** Those stay that were sent again so often before. */
  readonly maxRedrives: number;
}

/** What to do with one letter. */
export type LetterVerdict = { readonly kind: 'take' } | { readonly kind: 'stay'; readonly why: Stay };

/** Why a letter stays where it is. */
export type Stay =
  | 'otherReason'
  /** It became one after the redrive had begun: nothing is sent again twice by one redrive. */
  | 'newer'
  /** It was sent again `maxRedrives` times, and died each time. */
  | 'tooOften';

/**
 * How far SQS's clock may be from ours: who asks for a redrive means the letter that came a moment ago, too. One that it
 * has itself sent again, and that died as soon, says so.
 */
const SKEW_MS = 1_000;

/**
 * @param wish and by which redrive; absent where none has begun
 * @param beganAtMs when the redrive began, epoch milliseconds
 */
export function judgeLetter(
  { attributes, sentAtMs }: Pick<BuriedLetter, 'attributes' | 'sentAtMs'>,
  { reason, maxRedrives, redriveId }: Wish & { readonly redriveId?: string },
  beganAtMs: number,
): LetterVerdict {
  if (reason !== undefined && !matchesReason(reasonOf(attributes), reason)) return stay('otherReason');
  const isOwn = redriveId !== undefined && noteOf(attributes)?.redriveId === redriveId;
  if (isOwn || sentAtMs > beganAtMs + SKEW_MS) return stay('newer');
  if (redrivesOf(attributes) >= maxRedrives) return stay('tooOften');
  return { kind: 'take' };
}

/** `no such page 7` matches `no such page 7` and `no such page*`. */
export function matchesReason(reason: string, wanted: string): boolean {
  return reason === wanted || (wanted.endsWith('*') && reason.startsWith(wanted.slice(0, -1)));
}

/** Longest reason that is shown whole. */
const SHOWN_CHARACTERS = 120;

/** A reason as it is shown, and as somebody may ask for it. */
export function shownReason(reason: string): string {
  return reason.length <= SHOWN_CHARACTERS ? reason : `${reason.slice(0, SHOWN_CHARACTERS)}*`;
}

function stay(why: Stay): LetterVerdict {
  return { kind: 'stay', why };
}
