/** How long to wait before trying again: attempt 0 is the first repetition. Milliseconds. */
export interface Backoff {
  readonly attempt: number;
  readonly baseMs: number;
  /** No wait is longer than this. */
  readonly capMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * "Full jitter": a wait chosen evenly between 0 and the exponential wait, so that many callers that failed
 * together do not come back together. Of the variants compared there it needs the fewest calls.
 * Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog,
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @returns milliseconds in [0, min(capMs, baseMs * 2^attempt))
 */
export function fullJitter({ attempt, baseMs, capMs, random }: Backoff): number {
  return random() * Math.min(capMs, baseMs * 2 ** attempt);
}
