import { ASSUMED_TASK_SECONDS } from '../burst/assumed.ts';
import { percentile95 } from '../queueing/kingman.ts';

/** Where an estimate comes from, best first. */
export type EstimateSource = 'tasks' | 'bytes' | 'measured' | 'default';

/** How long the tasks of a burst take, seconds. */
export interface Estimate {
  readonly source: EstimateSource;
  readonly meanSeconds: number;
  /** Nineteen of twenty take no longer. */
  readonly p95Seconds: number;
  /** Of all tasks; only where each says how long it takes, or how many bytes it has. */
  readonly longestSeconds?: number;
}

/** What a task says of itself: its fields `estimatedSeconds` and `sizeBytes`, where they are numbers. */
export interface Said {
  readonly estimatedSeconds?: number;
  readonly sizeBytes?: number;
}

/** What the tasks of a pipeline took of late. */
export interface MeasuredTasks {
  readonly meanSeconds: number;
  readonly p95Seconds: number;
  /** Of those that said their size. */
  readonly secondsPerByte?: number;
}

/** What tasks are taken to take as long as nobody has measured it. */
const DEFAULT: MeasuredTasks = { meanSeconds: ASSUMED_TASK_SECONDS, p95Seconds: 3 * ASSUMED_TASK_SECONDS };

/** No task is taken to be shorter, whatever is said or measured of it. */
const LEAST_SECONDS = 0.001;
/** Seconds by bytes stay within these multiples of the mean: a slope that was fitted to some sizes says little of others. */
const BYTES_CLAMP = { from: 0.1, to: 20 } as const;

/** The better of two sources is the worse known. */
const WORSE: Readonly<Record<EstimateSource, number>> = { tasks: 0, bytes: 1, measured: 2, default: 3 };

/** Adds up what the tasks of a burst say, one by one, in constant memory. */
export interface Estimator {
  /** @returns what the task is taken to run, seconds */
  add(said: Said): number;
  estimate(): Estimate;
}

/**
 * Each task counts by the best there is for it: its own `estimatedSeconds`; its `sizeBytes` by the pipeline's measured
 * seconds per byte, clamped; the pipeline's measured mean; a second. The estimate names the worst that was used. Nothing
 * runs longer than the pipeline's timeout.
 */
export function createEstimator(measured: MeasuredTasks | undefined, timeoutSeconds: number): Estimator {
  const known = withTime(measured ?? DEFAULT);
  let tasks = 0;
  let seconds = 0;
  let squares = 0;
  let longest = 0;
  let source: EstimateSource = 'tasks';
  const most = (value: number) => Math.min(Math.max(value, LEAST_SECONDS), timeoutSeconds);
  const judge = ({ estimatedSeconds, sizeBytes }: Said): { by: EstimateSource; value: number } => {
    if (isAmount(estimatedSeconds)) return { by: 'tasks', value: estimatedSeconds };
    if (isAmount(sizeBytes) && known.secondsPerByte !== undefined) {
      const { meanSeconds } = known;
      const byBytes = sizeBytes * known.secondsPerByte;
      const clamped = Math.min(
        Math.max(byBytes, BYTES_CLAMP.from * meanSeconds),
        BYTES_CLAMP.to * meanSeconds,
      );
      return { by: 'bytes', value: clamped };
    }
    return { by: measured === undefined ? 'default' : 'measured', value: known.meanSeconds };
  };
  return {
    add(said) {
      const { by, value } = judge(said);
      const taken = most(value);
      tasks += 1;
      seconds += taken;
      squares += taken ** 2;
      longest = Math.max(longest, taken);
      if (WORSE[by] > WORSE[source]) source = by;
      return taken;
    },
    estimate() {
      if (tasks === 0) source = measured === undefined ? 'default' : 'measured';
      if (source === 'measured' || source === 'default') {
        const meanSeconds = tasks === 0 ? most(known.meanSeconds) : seconds / tasks;
        const p95Seconds = most(meanSeconds * Math.max(1, known.p95Seconds / known.meanSeconds));
        return { source, meanSeconds, p95Seconds };
      }
      const meanSeconds = seconds / tasks;
      const unevenness = Math.max(0, squares / tasks / meanSeconds ** 2 - 1);
      const p95Seconds = Math.min(longest, Math.max(meanSeconds, percentile95(meanSeconds, unevenness)));
      return { source, meanSeconds, p95Seconds, longestSeconds: longest };
    },
  };
}

/** Stamps say 0 of a task that is over within its millisecond. */
function withTime(measured: MeasuredTasks): MeasuredTasks {
  const { meanSeconds, p95Seconds } = measured;
  return {
    ...measured,
    meanSeconds: Math.max(meanSeconds, LEAST_SECONDS),
    p95Seconds: Math.max(p95Seconds, LEAST_SECONDS),
  };
}

/** Reads what a task says of itself. Anything may be a task. */
export function saidOf(task: unknown): Said {
  if (typeof task !== 'object' || task === null) return {};
  const { estimatedSeconds, sizeBytes } = task as Readonly<Record<string, unknown>>;
  return {
    ...(isAmount(estimatedSeconds) && { estimatedSeconds }),
    ...(isAmount(sizeBytes) && { sizeBytes }),
  };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
