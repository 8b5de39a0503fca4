import { type BurstRecord, segmentOf } from '../../../../core/burst/record.ts';
import { createStarts } from '../../../../core/spread/starts.ts';
import { control } from '../../../../functions/burst/control.ts';
import type { BurstStatus } from '../../../../functions/burst/report.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { messagesOf, run } from '../simulated-stage.ts';

/** A pipeline that accepts and works on nothing, so that what is sent can be looked at. */
export const RESTING = { pipelineId: 'a', paused: true };

export function burstOf(world: World, burstId = 'b'): BurstRecord {
  const record = world.bursts.read(burstId);
  if (record === undefined) throw new Error(`no burst ${burstId}`);
  return record;
}

/** Somebody calls the function. */
export function ask(world: World, input: object): Promise<BurstStatus> {
  return run(world, (ports, deadlineMs) => control({ burstId: 'b', ...input }, ports, deadlineMs), {
    seconds: 300,
  });
}

/** Lets time pass until the burst is in one of these states. */
export async function untilIn(
  world: World,
  states: readonly BurstRecord['state'][],
  seconds = 90_000,
): Promise<BurstRecord> {
  for (let passed = 0; passed < seconds; passed += 5) {
    if (states.includes(burstOf(world).state)) return burstOf(world);
    await world.pass(5);
  }
  throw new Error(`not ${states} after ${seconds} s: ${JSON.stringify(burstOf(world))}`);
}

/** A task in the queue: its place in the burst, and when it comes out. */
export interface SentTask {
  readonly index: number;
  readonly dueMs: number;
}

export function sentTasks(world: World): SentTask[] {
  return messagesOf(world, 'a')
    .map(({ attributes, visibleAtMs }) => ({
      index: Number(attributes['sluice-index']?.value),
      dueMs: visibleAtMs,
    }))
    .sort((a, b) => a.index - b.index);
}

/** When the record's plans have each task come out, of tasks that say nothing of themselves. */
export function plannedMs(record: BurstRecord): number[] {
  const times: number[] = [];
  let segment = segmentOf(record, 0);
  let starts = createStarts(segment.plan.starts);
  for (let index = 0; index < record.total; index += 1) {
    if (segmentOf(record, index) !== segment) {
      segment = segmentOf(record, index);
      starts = createStarts(segment.plan.starts);
    }
    times.push(segment.startMs + starts.next(segment.plan.estimate.meanSeconds));
  }
  return times;
}
