import type { CallRecord } from './world/calls.ts';
import { AWS_NATURE } from './world/nature.ts';
import { CODE_KEY, World } from './world/world.ts';

export interface BulkLoad {
  readonly records: number;
  readonly active: number;
  /** Virtual time from the load to the last call that it needed in Lambda's bucket. */
  readonly seconds: number;
  /** Calls in Lambda's bucket in that time, whoever made them. */
  readonly calls: number;
  readonly callsByOperation: Readonly<Record<string, number>>;
  readonly mostInASecond: number;
  /** Operations that AWS refused for their rate. */
  readonly throttled: readonly string[];
  /** From the edit of a record in the middle of the load to the call that stops its consumer. */
  readonly pausedAfterSeconds: number;
  /** Virtual time until every pipeline was Active. */
  readonly secondsUntilActive: number;
  /** Events of the simulation, and real time that they took: its own speed. */
  readonly events: number;
  readonly realSeconds: number;
}

const LIMIT_SECONDS = 12 * 3600;

/** Writes many records at once, and pauses one of the first pipelines when two fifths are made. */
export async function bulkLoad({
  records,
  seed,
}: {
  readonly records: number;
  readonly seed: number;
}): Promise<BulkLoad> {
  const startedMs = performance.now();
  const world = new World({ seed, nature: { ...AWS_NATURE, functionFails: 0 }, keepCalls: 'buckets' });
  world.code.put(CODE_KEY, 'v1');
  await world.pass(30);
  const beganMs = world.nowMs();
  for (let at = 0; at < records; at += 1) {
    world.configs.put(`g${at}`, { pipelineId: `g${at}`, concurrency: 2 + (at % 5) });
  }

  const active = new Map<string, number>();
  world.statuses.onWrite = ({ pipelineId, phase, lease }) => {
    if (phase === 'Active' && lease === undefined && !active.has(pipelineId)) {
      active.set(pipelineId, world.nowMs());
    }
  };
  const pause = watchPause(world, active, 0.4 * records);
  while (active.size < records && world.nowMs() < beganMs + LIMIT_SECONDS * 1000) {
    await world.pass(10);
    pause.perhaps();
  }

  const calls = world.calls.log.filter(({ bucket, startMs }) => bucket === 'lambda' && startMs >= beganMs);
  const lastMs = calls.filter(({ operation }) => operation === 'mappings.create').at(-1)?.startMs ?? 0;
  const during = calls.filter(({ startMs }) => startMs <= lastMs);
  const throttled = world.calls.log.filter((call) => call.throttled && call.bucket !== 'startExecution');
  return {
    records,
    active: active.size,
    seconds: (lastMs - beganMs) / 1000,
    calls: during.length,
    callsByOperation: countBy(calls),
    mostInASecond: mostInASecond(calls),
    throttled: throttled.map(({ operation }) => operation),
    pausedAfterSeconds: pause.afterSeconds(),
    secondsUntilActive: (Math.max(...active.values()) - beganMs) / 1000,
    events: world.clock.events,
    realSeconds: (performance.now() - startedMs) / 1000,
  };
}

function watchPause(world: World, active: ReadonlyMap<string, number>, afterActive: number) {
  let paused: { readonly pipelineId: string; readonly atMs: number } | undefined;
  return {
    perhaps(): void {
      const [pipelineId] = active.keys();
      if (paused !== undefined || pipelineId === undefined || active.size < afterActive) return;
      paused = { pipelineId, atMs: world.nowMs() };
      world.configs.put(pipelineId, { ...world.configs.records.get(pipelineId), paused: true });
    },
    afterSeconds(): number {
      const stop = world.calls.log.find(
        ({ pipelineId, operation }) => pipelineId === paused?.pipelineId && operation === 'mappings.change',
      );
      return ((stop?.effectMs ?? Number.POSITIVE_INFINITY) - (paused?.atMs ?? 0)) / 1000;
    },
  };
}

function countBy(calls: readonly CallRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

/** The most calls that begin in any second. */
function mostInASecond(calls: readonly CallRecord[]): number {
  const starts = calls.map(({ startMs }) => startMs).sort((a, b) => a - b);
  let most = 0;
  let from = 0;
  starts.forEach((startMs, index) => {
    while (startMs - (starts[from] ?? startMs) >= 1000) from += 1;
    most = Math.max(most, index - from + 1);
  });
  return most;
}
