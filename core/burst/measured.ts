import * as z from 'zod';
import type { BurstRecord } from './record.ts';

/** What a pipeline's bursts have measured of its tasks; a fact in the ledgers table. */
export const pipelineMeasuredSchema = z.object({
  meanSeconds: z.number(),
  p95Seconds: z.number(),
  /** Of tasks that said their size. */
  secondsPerByte: z.number().optional(),
  /** So many tasks it stands for, the older ones less and less. */
  tasks: z.number(),
  /** ISO 8601. */
  at: z.string(),
  /** The burst that has added to it last. */
  burstId: z.string(),
});

export type PipelineMeasured = z.output<typeof pipelineMeasuredSchema>;

/** The fact under which it is kept. */
export function measuredFact(pipelineId: string): string {
  return `measured/${pipelineId}`;
}

/** Fewer tasks say little. */
const LEAST_TASKS = 10;
/** What is known counts for no more than so many tasks, so that it is forgotten as tasks become others. */
const MEMORY_TASKS = 1_000;

/**
 * What is known after a burst.
 * @returns undefined where it adds nothing: too few tasks, or it was added before
 */
export function measuredAfter(
  before: PipelineMeasured | undefined,
  { burstId, took }: Pick<BurstRecord, 'burstId' | 'took'>,
  nowMs: number,
): PipelineMeasured | undefined {
  if (took === undefined || took.tasks < LEAST_TASKS || before?.burstId === burstId) return undefined;
  const known = Math.min(MEMORY_TASKS, before?.tasks ?? 0);
  const mix = (old: number | undefined, now: number) =>
    old === undefined ? now : (old * known + now * took.tasks) / (known + took.tasks);
  const secondsPerByte =
    took.secondsPerByte === undefined
      ? before?.secondsPerByte
      : mix(before?.secondsPerByte, took.secondsPerByte);
  return {
    meanSeconds: mix(before?.meanSeconds, took.meanSeconds),
    p95Seconds: mix(before?.p95Seconds, took.p95Seconds),
    ...(secondsPerByte !== undefined && { secondsPerByte }),
    tasks: known + took.tasks,
    at: new Date(nowMs).toISOString(),
    burstId,
  };
}
