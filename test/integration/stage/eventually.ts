import { setTimeout as sleep } from 'node:timers/promises';

/** Letters of what was seen last. */
const MOST_SHOWN = 4_000;
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
      throw new Error(
        `not so after ${limitSeconds} s: ${what}; last seen: ${JSON.stringify(seen)?.slice(0, MOST_SHOWN)}`,
      );
    }
    await sleep(POLL_MS);
  }
}
