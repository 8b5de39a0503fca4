import { assertNever } from '../../../core/assert-never.ts';
import { planPace } from '../../../core/flow/pace.ts';
import type { Interval } from '../../../core/spread/curve.ts';
import type { PipelineBounds } from '../../../core/spread/plan.ts';
import type { Chance } from '../chance.ts';
import type { SentTask } from './sending.ts';

/** A pipeline whose limits bind. */
export interface BoundedPipeline extends Omit<PipelineBounds, 'backlog'> {
  /** What the tasks before the burst take, seconds: as many as fit run already, the others wait. */
  readonly before: readonly number[];
  /** How long after its delay a message comes out at most, milliseconds. */
  readonly noiseMs: number;
}

/** From a call's answer until its poller has handed over the next task. */
const HAND_OVER_MS = 25;

/**
 * A mapping at rest begins with five calls at once and adds up to 300 a minute.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const FIRST_SLOTS = 5;
const SLOT_EVERY_MS = 200;

/** Runs the tasks of a burst behind those before it, in the order in which they come out. @returns those of the burst */
export function runBounded(
  sent: readonly SentTask[],
  durationsSeconds: readonly number[],
  pipeline: BoundedPipeline,
  chance: Chance,
): Interval[] {
  const arrivals = sent
    .map(({ index, receivedMs, delaySeconds }) => ({
      atMs: receivedMs + delaySeconds * 1000 + chance.between(0, pipeline.noiseMs),
      tookMs: (durationsSeconds[index] ?? 0) * 1000,
    }))
    .sort((a, b) => a.atMs - b.atMs);
  const start = starterOf(pipeline, arrivals[0]?.atMs ?? 0, chance);
  return arrivals.map(({ atMs, tookMs }) => start(atMs, tookMs));
}

function starterOf(pipeline: BoundedPipeline, firstMs: number, chance: Chance) {
  const { before, concurrency } = pipeline;
  const freeMs = Float64Array.from({ length: concurrency }, (_, slot) =>
    before.length > 0 ? 0 : firstMs + Math.max(0, slot + 1 - FIRST_SLOTS) * SLOT_EVERY_MS,
  );
  const running = before.slice(0, concurrency);
  for (const [slot, seconds] of running.entries()) freeMs[slot] = seconds * 1000 * chance.next();
  const pace = paceOf(pipeline);
  let nextMs = 0;
  const start = (atMs: number, tookMs: number): Interval => {
    const slot = indexOfLeast(freeMs);
    const startMs = Math.max(atMs, freeMs[slot] ?? 0, nextMs);
    const endMs = startMs + tookMs;
    nextMs = startMs + pace.spacingMs;
    freeMs[slot] = Math.max(endMs, startMs + pace.holdMs) + HAND_OVER_MS;
    return { startMs, endMs };
  };
  for (const seconds of before.slice(running.length)) start(0, seconds * 1000);
  return start;
}

/** As the runtime keeps the limits. */
function paceOf({ rateLimits, concurrency }: BoundedPipeline): { spacingMs: number; holdMs: number } {
  const plan = planPace({
    ...{ rateLimits, concurrency, concurrencySource: 'record' },
    ...{ batchSize: 1, timeoutSeconds: 60 },
  });
  switch (plan.kind) {
    case 'none':
      return { spacingMs: 0, holdMs: 0 };
    case 'slots':
      return { spacingMs: 0, holdMs: plan.holdMs };
    case 'ledger':
      return { spacingMs: plan.spacingMs, holdMs: 0 };
    default:
      return assertNever(plan);
  }
}

function indexOfLeast(values: Float64Array): number {
  let least = 0;
  for (let at = 1; at < values.length; at += 1) if ((values[at] ?? 0) < (values[least] ?? 0)) least = at;
  return least;
}
