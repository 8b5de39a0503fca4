import type { CallRecord } from '../simulator/world/calls.ts';
import { AWS_NATURE } from '../simulator/world/nature.ts';
import { CODE_KEY, World } from '../simulator/world/world.ts';
import { peakInAnyWindow } from './statistics.ts';

/** What many records at once did, in virtual time. Calls are those in Lambda's control-plane bucket, whoever made them. */
export interface BulkLoad {
  readonly records: number;
  /** Calls until all pipelines were `Active`. */
  readonly calls: number;
  readonly callsByOperation: Readonly<Record<string, number>>;
  /** `calls` ÷ the budget. */
  readonly leastSeconds: number;
  /** Until the last resource was made. */
  readonly madeSeconds: number;
  /** Calls until then ÷ what the budget allows in that time. */
  readonly budgetShare: number;
  /** Until the last pipeline was `Active`. */
  readonly activeSeconds: number;
  /** Most calls in any second, wherever it begins, as they were sent. */
  readonly peakPerSecond: number;
  /** The same as AWS saw them arrive. */
  readonly peakArriving: number;
  /** Operations of Lambda that AWS refused for their rate. */
  readonly throttled: readonly string[];
  /** From a pause written in the middle of it to the call that stops the mapping; empty without pauses. */
  readonly pauseSeconds: readonly number[];
  /** Most calls that the reconciler made in one tick. */
  readonly busiestTick: number;
  /** Real time, seconds. */
  readonly tookSeconds: number;
}

interface BulkOptions {
  readonly seed?: number;
  /** How many pipelines are paused in the middle of it: one each time that another such share is `Active`. */
  readonly pauses?: number;
  /** Chance that AWS fails to make a function. */
  readonly functionFails?: number;
}

const LIMIT_SECONDS = 24 * 3600;
/** A new stage's role can be assumed by then. */
const STAGE_AGE_SECONDS = 30;

/**
 * Writes so many records at one moment into an empty stage of the simulator, and waits for their pipelines.
 * @throws if they are not all `Active` after a day
 */
export async function loadInBulk(records: number, options: BulkOptions = {}): Promise<BulkLoad> {
  const { seed = 1, pauses = 0, functionFails = 0 } = options;
  const realMs = performance.now();
  const world = new World({ seed, keepCalls: 'buckets', nature: { ...AWS_NATURE, functionFails } });
  world.code.put(CODE_KEY, 'v1');
  world.admit(CODE_KEY, 'v1');
  await world.pass(STAGE_AGE_SECONDS);
  const activeAtMs = new Map<string, number>();
  world.statuses.onWrite = ({ pipelineId, phase }) => {
    if (phase === 'Active' && !activeAtMs.has(pipelineId)) activeAtMs.set(pipelineId, world.nowMs());
  };

  const beganMs = world.nowMs();
  const seconds = (ms: number) => (ms - beganMs) / 1000;
  for (let at = 1; at <= records; at += 1) {
    world.configs.put(`group-${at}`, { pipelineId: `group-${at}`, concurrency: 2 + (at % 5) });
  }
  const paused: Pause[] = [];
  while (activeAtMs.size < records) {
    await world.pass(10);
    if (seconds(world.nowMs()) > LIMIT_SECONDS) {
      throw new Error(`only ${activeAtMs.size} of ${records} pipelines are Active after a day`);
    }
    const due = Math.min(pauses, Math.floor((activeAtMs.size / records) * (pauses + 1)));
    for (const pipelineId of [...activeAtMs.keys()].slice(paused.length, due)) {
      paused.push({ pipelineId, atMs: world.nowMs() });
      world.configs.put(pipelineId, { ...world.configs.read(pipelineId), pipelineId, paused: true });
    }
  }
  const lastActiveMs = Math.max(...activeAtMs.values());
  if (paused.length > 0) await world.pass(60);

  const inBucket = world.calls.log.filter(({ bucket, startMs }) => bucket === 'lambda' && startMs >= beganMs);
  const calls = inBucket.filter(({ startMs }) => startMs <= lastActiveMs);
  const arrivals = calls.map(({ effectMs, startMs }) => effectMs ?? startMs);
  const lastMadeMs = Math.max(
    ...calls.flatMap(({ operation, effectMs }) => (operation.endsWith('.create') ? (effectMs ?? []) : [])),
  );
  const perSecond = world.settings.controlPlanePerSecond;
  const untilMade = arrivals.filter((atMs) => atMs <= lastMadeMs).length;
  return {
    records,
    calls: calls.length,
    callsByOperation: countBy(calls),
    leastSeconds: calls.length / perSecond,
    madeSeconds: seconds(lastMadeMs),
    budgetShare: untilMade / perSecond / seconds(lastMadeMs),
    activeSeconds: seconds(lastActiveMs),
    peakPerSecond: peakInAnyWindow(
      calls.map(({ startMs }) => startMs),
      1000,
    ),
    peakArriving: peakInAnyWindow(arrivals, 1000),
    throttled: world.calls.log
      .filter((call) => call.throttled && call.bucket !== 'startExecution')
      .map(({ operation }) => operation),
    pauseSeconds: paused.map((pause) => secondsUntilStopped(pause, inBucket)),
    busiestTick: Math.max(...world.ticks.map((tick) => tick.calls)),
    tookSeconds: (performance.now() - realMs) / 1000,
  };
}

interface Pause {
  readonly pipelineId: string;
  readonly atMs: number;
}

function secondsUntilStopped({ pipelineId, atMs }: Pause, calls: readonly CallRecord[]): number {
  const stop = calls.find(
    (call) => call.operation === 'mappings.change' && call.pipelineId === pipelineId && call.startMs >= atMs,
  );
  return stop?.effectMs === undefined ? Number.POSITIVE_INFINITY : (stop.effectMs - atMs) / 1000;
}

function countBy(calls: readonly CallRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}
