import { AwsError } from '../../../aws/errors.ts';
import type { Ports } from '../../../aws/ports.ts';
import { fullJitter } from '../../../core/backoff.ts';

const TRIES = 5;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/** Tries a call that may be made twice again where that can help, with capped full jitter. */
export async function insist<T>(call: () => Promise<T>, { clock, random }: Ports): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AwsError) || !error.retryable || attempt === TRIES - 1) throw error;
    }
    await clock.sleep(fullJitter({ attempt, baseMs: FIRST_WAIT_MS, capMs: LONGEST_WAIT_MS, random }));
  }
}
