import type { FormerCode } from '../status-record.ts';

/** Marks a task that was sent again after a rollback, with the release's version. */
export const REDRIVEN_ATTRIBUTE = 'SluiceRedriven';

/** A dead letter, as far as it matters here. */
export interface DeadLetter {
  /** Epoch milliseconds: when the task was first sent; its way into the dead-letter queue keeps it. */
  readonly sentAtMs: number;
  readonly attributes: Readonly<Record<string, { readonly value: string }>>;
}

/**
 * Whether a dead letter was surely born under a release: there was none before it came, or the task was sent
 * only then. One that might be older stays where it is. Once for each release.
 */
export function isRedrivable(
  { sentAtMs, attributes }: DeadLetter,
  { version, sinceMs, deadLettersBefore }: FormerCode,
): boolean {
  if (attributes[REDRIVEN_ATTRIBUTE]?.value === version) return false;
  return deadLettersBefore === 0 || sentAtMs >= sinceMs;
}
