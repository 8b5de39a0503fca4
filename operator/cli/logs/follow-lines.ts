import { setTimeout as sleep } from 'node:timers/promises';

/** How often it is looked whether there is more. */
const READ_MS = 2_000;
/** Lines come so much later than they were written. */
const LATE_MS = 30_000;

/** What is read anew again and again; each has its time. */
interface Stamped {
  readonly atMs: number;
}

/**
 * Shows what was written since then, and with `isFollowed` what is written from now on, until somebody has had enough.
 * Each is shown once, though one that comes late is shown after what came before it.
 */
export async function followLines<Line extends Stamped>(
  read: (sinceMs: number) => Promise<readonly Line[]>,
  show: (line: Line) => void,
  sinceMs: number,
  isFollowed: boolean,
  signal: AbortSignal,
): Promise<void> {
  let shown = new Map<string, number>();
  let fromMs = sinceMs;
  while (!signal.aborted) {
    for (const line of await read(fromMs)) {
      const key = JSON.stringify(line);
      if (!shown.has(key)) show(line);
      shown.set(key, line.atMs);
    }
    if (!isFollowed) return;
    // No spread: an argument each is too much for a call of some hundred thousand lines.
    let newestMs = fromMs;
    for (const atMs of shown.values()) newestMs = Math.max(newestMs, atMs);
    fromMs = Math.max(fromMs, newestMs - LATE_MS);
    shown = new Map([...shown].filter(([, atMs]) => atMs >= fromMs));
    await sleep(READ_MS, undefined, { signal }).catch(() => {});
  }
}
