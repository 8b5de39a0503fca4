import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

/**
 * Looks until what is seen is as asked for.
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
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > endMs) {
      throw new Error(`not so after ${limitSeconds} s: ${what}; last seen: ${JSON.stringify(seen)}`);
    }
    await sleep(POLL_MS);
  }
}
