import type { BurstRecord } from '../../../../../core/burst/record.ts';
import type { Seen, Stamp, Way } from '../../../../../lab/demo/burst/results.ts';
import { TASK_SECONDS, TASKS, WINDOW } from '../../../../../lab/demo/burst/settings.ts';
import { BEGIN_MS, burst, segment } from '../../../core/burst/bursts.ts';

/** Every task once, begun so many milliseconds after the hand-over. */
export function stamps(startOf: (at: number) => number): Stamp[] {
  return Array.from({ length: TASKS }, (_, at) => {
    const startedAtMs = BEGIN_MS + startOf(at);
    return { document: at + 1, startedAtMs, endedAtMs: startedAtMs + TASK_SECONDS * 1000 };
  });
}

/** A record that has ended as it should. */
export function endedRecord(change: Partial<BurstRecord> = {}): BurstRecord {
  const nothing = { refused: 0, running: 0, failed: 0, deadLettered: 0, unaccounted: 0 };
  return burst({
    state: 'Ended',
    total: TASKS,
    segments: [segment({ kind: 'even', firstMs: 10_000, spacingMs: 455 }, TASKS, { finishSeconds: 103 })],
    totals: { total: TASKS, sent: TASKS, started: TASKS, done: TASKS, ...nothing },
    ...change,
  });
}

const SPACING_MS = ((WINDOW.maxSeconds + 1 - WINDOW.minSeconds) * 1000) / TASKS;

/** What is seen where all is well. */
export const SEEN: Readonly<Record<Way, Seen>> = {
  'at once': { way: 'at once', handedOverMs: BEGIN_MS, stamps: stamps(() => 100), record: endedRecord() },
  random: {
    way: 'random',
    handedOverMs: BEGIN_MS,
    stamps: stamps((at) => (10 + ((at * 37) % 13) * 7) * 1000),
  },
  planned: {
    way: 'planned',
    handedOverMs: BEGIN_MS,
    stamps: stamps((at) => 10_000 + at * SPACING_MS),
    record: endedRecord(),
  },
};
