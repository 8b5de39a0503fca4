import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../../../aws/errors.ts';

/** Letters of what was seen last. */
const MOST_SHOWN = 4_000;
const POLL_MS = 200;

/**
 * Looks until what is seen is as asked for. A look that gets no answer, or is told to come later, as on a machine that is
 * busy, is not the end of it.
 * @throws after `limitSeconds`, with what was seen last
 */
export async function eventually<T>(
  look: () => Promise<T> | T,
  isSo: (seen: T) => boolean,
  what: string,
  limitSeconds = 60,
): Promise<T> {
  const endMs = Date.now() + limitSeconds * 1000;
  for (;;) {
    const { seen, unseen } = await tryLook(look);
    if (unseen === undefined && isSo(seen)) return seen;
    if (Date.now() > endMs) {
      const last = unseen?.message ?? JSON.stringify(seen)?.slice(0, MOST_SHOWN);
      throw new Error(`not so after ${limitSeconds} s: ${what}; last seen: ${last}`, { cause: unseen });
    }
    await sleep(POLL_MS);
  }
}

type Looked<T> =
  | { readonly seen: T; readonly unseen?: undefined }
  | { readonly seen?: undefined; readonly unseen: AwsError };

async function tryLook<T>(look: () => Promise<T> | T): Promise<Looked<T>> {
  try {
    return { seen: await look() };
  } catch (error) {
    if (error instanceof AwsError && error.retryable) return { unseen: error };
    throw error;
  }
}
