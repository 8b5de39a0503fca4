import { AWS_NATURE } from '../simulator/world/nature.ts';
import { CODE_KEY, World } from '../simulator/world/world.ts';
import { peakInAnyWindow } from './statistics.ts';

/** What many records at once did, in virtual time. */
export interface BulkLoad {
  readonly records: number;
  /** Calls in Lambda's control-plane bucket until all pipelines were `Active`. */
  readonly calls: number;
  /** `calls` ÷ the budget. */
  readonly leastSeconds: number;
  /** Until the last resource was made. */
  readonly madeSeconds: number;
  /** Calls until then ÷ what the budget allows in that time. */
  readonly budgetShare: number;
  /** Until the last pipeline was `Active`. */
  readonly activeSeconds: number;
  /** Most calls in any second, wherever it begins, as AWS saw them arrive. */
  readonly peakPerSecond: number;
  readonly throttled: number;
  /** From a pause written in the middle of it to the call that stops the mapping; empty without pauses. */
  readonly pauseSeconds: readonly number[];
  /** Real time, seconds. */
  readonly tookSeconds: number;
}

export interface BulkOptions {
  /** How many pipelines are paused in the middle of it, ten seconds apart. */
  readonly pauses?: number;
  /** Chance that AWS fails to make a function. */
  readonly functionFails?: number;
}

const LIMIT_SECONDS = 24 * 3600;
const PAUSE_EVERY_SECONDS = 10;

/** Writes so many records at one moment into an empty stage of the simulator, and waits for their pipelines. */
export async function loadInBulk(
  records: number,
  { pauses = 0, functionFails = 0 }: BulkOptions = {},
): Promise<BulkLoad> {
  const realMs = performance.now();
  const world = new World({
    seed: 1,
    keepCalls: 'buckets',
    nature: { ...AWS_NATURE, functionFails },
  });
  world.code.put(CODE_KEY, 'v1');
  const activeAtMs = new Map<string, number>();
  world.statuses.onWrite = ({ pipelineId, phase }) => {
    if (phase === 'Active' && !activeAtMs.has(pipelineId)) activeAtMs.set(pipelineId, world.nowMs());
  };

  const beganMs = world.nowMs();
  const seconds = (ms: number) => (ms - beganMs) / 1000;
  for (let at = 1; at <= records; at += 1) {
    world.configs.put(`group-${at}`, { pipelineId: `group-${at}` });
  }
  const paused: { readonly pipelineId: string; readonly atMs: number }[] = [];
  while (activeAtMs.size < records) {
    await world.pass(PAUSE_EVERY_SECONDS);
    if (seconds(world.nowMs()) > LIMIT_SECONDS) {
      throw new Error(`only ${activeAtMs.size} of ${records} pipelines are Active after a day`);
    }
    const next = [...activeAtMs.keys()][paused.length];
    if (paused.length === pauses || next === undefined) continue;
    paused.push({ pipelineId: next, atMs: world.nowMs() });
    world.configs.put(next, { pipelineId: next, paused: true });
  }
  const lastActiveMs = Math.max(...activeAtMs.values());
  if (paused.length > 0) await world.pass(60);

  const inBucket = world.calls.log.filter(({ bucket }) => bucket === 'lambda');
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
    leastSeconds: calls.length / perSecond,
    madeSeconds: seconds(lastMadeMs),
    budgetShare: untilMade / perSecond / seconds(lastMadeMs),
    activeSeconds: seconds(lastActiveMs),
    peakPerSecond: peakInAnyWindow(arrivals, 1000),
    throttled: calls.filter(({ throttled }) => throttled).length,
    pauseSeconds: paused.map(({ pipelineId, atMs }) => {
      const stop = inBucket.find(
        (call) =>
          call.operation === 'mappings.change' && call.pipelineId === pipelineId && call.startMs >= atMs,
      );
      return stop?.effectMs === undefined ? Number.POSITIVE_INFINITY : (stop.effectMs - atMs) / 1000;
    }),
    tookSeconds: (performance.now() - realMs) / 1000,
  };
}
