import * as z from 'zod';
import type { Curve, Grid } from './grid.ts';
import { stepAt } from './grid.ts';

/** What the runtime's line of a task says, as far as curves need it: consumer/task-lines.ts. */
const taskSchema = z.object({
  sluice: z.literal('task'),
  outcome: z.string(),
  fate: z.string(),
  /** When the other side refused it before. */
  refusedAtMs: z.array(z.number()).optional(),
  startedAtMs: z.number().optional(),
  endedAtMs: z.number().optional(),
});

/** Curves of one pipeline, as far as its tasks themselves tell. */
export interface TaskCurves {
  /** The most that ran at once, in each step. A task that has not ended yet has told nothing. */
  readonly running: Curve;
  readonly p50Seconds: Curve;
  readonly p95Seconds: Curve;
  /** Refusals of the other side. */
  readonly throttled: Curve;
  /** Tasks that were over for good. */
  readonly done: Curve;
}

interface Ran {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** Ended before the handler was called: their stamps say nothing of what tasks take. */
const NEVER_CALLED = new Set(['exhausted', 'unreadable']);

/** @param lines of one pipeline; lines that are none of a task are passed over */
export function curvesOfTasks(lines: readonly unknown[], grid: Grid): TaskCurves {
  const ran: Ran[] = [];
  const counts = { throttled: zeros(grid), done: zeros(grid) };
  const count = (what: keyof typeof counts, atMs: number) => {
    const step = stepAt(grid, atMs);
    if (step !== undefined) counts[what][step] = (counts[what][step] ?? 0) + 1;
  };
  for (const line of lines) {
    const { data: task } = taskSchema.safeParse(line);
    if (task === undefined) continue;
    const { outcome, fate, refusedAtMs = [], startedAtMs, endedAtMs } = task;
    for (const atMs of refusedAtMs) count('throttled', atMs);
    if (startedAtMs === undefined || endedAtMs === undefined) continue;
    if (outcome === 'throttled') count('throttled', endedAtMs);
    if (fate === 'done') count('done', endedAtMs);
    if (!NEVER_CALLED.has(outcome)) ran.push({ startedAtMs, endedAtMs });
  }
  return { running: peaks(ran, grid), ...percentiles(ran, grid), ...counts };
}

function zeros({ steps }: Grid): number[] {
  return new Array<number>(steps).fill(0);
}

/** A task that ends in the millisecond in which another begins has ended. */
function peaks(ran: readonly Ran[], grid: Grid): Curve {
  const changes = ran
    .flatMap(({ startedAtMs, endedAtMs }) => [
      { atMs: startedAtMs, by: 1 },
      { atMs: endedAtMs, by: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  const most = zeros(grid);
  let [running, next] = [0, 0];
  for (let step = 0; step < grid.steps; step += 1) {
    const [beginMs, endMs] = [startOf(grid, step), startOf(grid, step + 1)];
    for (; (changes[next]?.atMs ?? Number.POSITIVE_INFINITY) <= beginMs; next += 1)
      running += changes[next]?.by ?? 0;
    let peak = running;
    for (; (changes[next]?.atMs ?? Number.POSITIVE_INFINITY) < endMs; next += 1) {
      running += changes[next]?.by ?? 0;
      peak = Math.max(peak, running);
    }
    most[step] = peak;
  }
  return most;
}

function startOf({ fromMs, stepSeconds }: Grid, step: number): number {
  return fromMs + step * stepSeconds * 1000;
}

/** Of tasks that ended in the step. */
function percentiles(ran: readonly Ran[], grid: Grid): Pick<TaskCurves, 'p50Seconds' | 'p95Seconds'> {
  const took: number[][] = Array.from({ length: grid.steps }, () => []);
  for (const { startedAtMs, endedAtMs } of ran) {
    const step = stepAt(grid, endedAtMs);
    if (step !== undefined) took[step]?.push((endedAtMs - startedAtMs) / 1000);
  }
  const sorted = took.map((seconds) => seconds.sort((a, b) => a - b));
  return {
    p50Seconds: sorted.map((seconds) => nearestRank(seconds, 0.5)),
    p95Seconds: sorted.map((seconds) => nearestRank(seconds, 0.95)),
  };
}

/** The smallest value that so many are not above: https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method */
function nearestRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
