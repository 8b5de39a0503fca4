import type { BurstRecord, Segment } from '../../../../core/burst/record.ts';
import type { ShardState, Stamp } from '../../../../core/burst/shard.ts';
import type { StartRule } from '../../../../core/spread/plan.ts';

export const BEGIN_MS = 1_800_000_000_000;

/** A segment whose tasks are due so; its finish and its estimate as said. */
export function segment(
  starts: StartRule,
  count: number,
  { fromIndex = 0, startMs = BEGIN_MS, finishSeconds = 100, meanSeconds = 2, peakConcurrency = 3 } = {},
): Segment {
  return {
    fromIndex,
    startMs,
    plan: {
      count,
      starts,
      window: { minSeconds: 0, maxSeconds: finishSeconds },
      estimate: { source: 'default', meanSeconds, p95Seconds: 3 * meanSeconds },
      predicted: {
        peakConcurrency,
        finishSeconds,
        finishRange: { fromSeconds: finishSeconds * 0.9, toSeconds: finishSeconds * 1.2 },
        waitSeconds: 0,
      },
      boundBy: 'goal',
    },
  };
}

/** A burst of a hundred tasks, one a second. */
export function burst(change: Partial<BurstRecord> = {}): BurstRecord {
  const { total = 100 } = change;
  return {
    burstId: 'b',
    pipelineId: 'p',
    revision: 1,
    state: 'Sent',
    isCancelled: false,
    total,
    given: total,
    fingerprint: 'f',
    source: { kind: 'numbered' },
    segments: [segment({ kind: 'even', firstMs: 0, spacingMs: 1_000 }, total)],
    isCounted: true,
    refusals: [],
    createdAtMs: BEGIN_MS,
    updatedAtMs: BEGIN_MS,
    ...change,
  };
}

/** What a shard says: sets of numbers, and the rest. */
export function shard(
  sets: Partial<Record<'done' | 'failed' | 'dead' | 'refused', readonly number[]>> = {},
  more: {
    readonly running?: readonly (readonly [number, number])[];
    readonly ran?: readonly (readonly [number, Stamp])[];
  } & Partial<Pick<ShardState, 'tasks' | 'ranMs' | 'bytes' | 'bytesMs'>> = {},
): ShardState {
  const { running = [], ran = [], tasks = 0, ranMs = 0, bytes = 0, bytesMs = 0 } = more;
  return {
    done: new Set(sets.done),
    failed: new Set(sets.failed),
    dead: new Set(sets.dead),
    refused: new Set(sets.refused),
    running: new Map(running),
    ran: new Map(ran),
    tasks,
    ranMs,
    bytes,
    bytesMs,
  };
}
