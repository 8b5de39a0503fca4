import { LAMBDA_TIMEOUT_MAX_SECONDS } from '../aws-limits.ts';
import type { FormerCode } from '../status-record.ts';

/** Marks a task that was sent again after a rollback, with the release's version. */
export const REDRIVEN_ATTRIBUTE = 'SluiceRedriven';

/** A dead letter, as far as it matters here. */
export interface DeadLetter {
  /** Epoch milliseconds: when the runtime sent the letter, or when the task was first sent if SQS moved it itself. */
  readonly sentAtMs: number;
  readonly attributes: Readonly<Record<string, { readonly value: string }>>;
}

/**
 * Whether a dead letter was surely born under a release: there was none before it came, or the task was sent
 * only then. One that might be older stays where it is. Once for each release.
 */
export function isRedrivable(
  { sentAtMs, attributes }: DeadLetter,
  { version, sinceMs, untilMs, deadLettersBefore }: FormerCode,
): boolean {
  if (attributes[REDRIVEN_ATTRIBUTE]?.value === version) return false;
  // Sent when no call of the release could be running any more.
  if (sentAtMs > untilMs + LAST_CALLS_MS + LAMBDA_TIMEOUT_MAX_SECONDS * 1000) return false;
  return deadLettersBefore === 0 || sentAtMs >= sinceMs;
}

/** From the moment that other code is sent until no call begins on the old one, and the queue has been polled since. */
const LAST_CALLS_MS = 30_000;
/** A task may be out of sight for up to twelve hours; nobody waits for that. */
const LONGEST_MS = 3_600_000;

/**
 * Until when tasks of a release that has gone may still become dead letters, epoch milliseconds: what it received
 * last, for the last time that it may be, is out of sight for a visibility timeout and only then buried.
 */
export function buriedByMs(
  { untilMs }: Pick<FormerCode, 'untilMs'>,
  visibilityTimeoutSeconds: number,
): number {
  return untilMs + LAST_CALLS_MS + Math.min(visibilityTimeoutSeconds * 1000, LONGEST_MS);
}
