import { assertNever } from './assert-never.ts';
import { SQS_MAX_DELAY_SECONDS } from './aws-limits.ts';
import type { Spread } from './config-record.ts';

/** Both ends are possible delays. Whole seconds, 0 to {@link SQS_MAX_DELAY_SECONDS}. */
export interface SpreadWindow {
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

export interface SpreadRequest {
  /** Tasks in the burst. */
  readonly count: number;
  /** Absent: no delay. */
  readonly spread?: Spread | undefined;
  /** How many tasks the pipeline runs at once. */
  readonly concurrency: number;
  /** How long one task takes, as far as is known. */
  readonly estimatedSeconds: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface SpreadPrediction {
  readonly peakConcurrency: number;
  /** From the hand-over to the end of the last task. */
  readonly finishSeconds: number;
}

/** A delay for each task of the burst, in its order, and what is to be expected of it. */
export interface SpreadPlan {
  readonly delaysSeconds: readonly number[];
  readonly window: SpreadWindow;
  readonly predicted: SpreadPrediction;
}

/** Whoever plans bursts: pure, so that one planner can take another's place. */
export type SpreadPlanner = (request: SpreadRequest) => SpreadPlan;

/** Gives each task a uniformly random whole second of the window. */
export const planSpread: SpreadPlanner = (request) => {
  const window = windowOf(request);
  const seconds = window.maxSeconds - window.minSeconds + 1;
  const delaysSeconds = Array.from(
    { length: request.count },
    () => window.minSeconds + Math.floor(request.random() * seconds),
  );
  return { delaysSeconds, window, predicted: predict(request, window) };
};

/**
 * The window that a spread asks for. `maxConcurrency` k: tasks are started so slowly that k run on average,
 * `count * estimatedSeconds / k`. `finishWithinSeconds` f: the last task starts one task's time before f.
 * A window longer than SQS can hold messages back is cut; the prediction then says what comes of it.
 */
export function windowOf({ count, spread, estimatedSeconds }: SpreadRequest): SpreadWindow {
  if (spread === undefined) return { minSeconds: 0, maxSeconds: 0 };
  if ('minSeconds' in spread) {
    const minSeconds = wholeDelay(spread.minSeconds);
    return { minSeconds, maxSeconds: Math.max(minSeconds, wholeDelay(spread.maxSeconds)) };
  }
  if ('maxConcurrency' in spread) {
    return {
      minSeconds: 0,
      maxSeconds: wholeDelay(Math.ceil((count * estimatedSeconds) / spread.maxConcurrency)),
    };
  }
  if ('finishWithinSeconds' in spread) {
    return { minSeconds: 0, maxSeconds: wholeDelay(spread.finishWithinSeconds - estimatedSeconds) };
  }
  return assertNever(spread);
}

function wholeDelay(seconds: number): number {
  return Math.min(SQS_MAX_DELAY_SECONDS, Math.max(0, Math.floor(seconds)));
}

/**
 * Peak: with starts spread evenly, the number running at a moment is Poisson with mean m = starts per second
 * times a task's time, whatever the distribution of that time (M/G/infinity; Eick, Massey and Whitt, "The
 * physics of the Mt/G/infinity queue", Operations Research 41, 1993); its mean and three standard deviations,
 * m + 3 * sqrt(m), are exceeded at about one moment in a thousand. Delays are whole seconds, so a task counts for
 * one second at least. The pipeline's concurrency and the burst's size cap it.
 *
 * Finish: the later of the last possible start plus a task's time, and the time that the pipeline needs at
 * its concurrency from the first start on.
 */
function predict(request: SpreadRequest, window: SpreadWindow): SpreadPrediction {
  const { count, concurrency, estimatedSeconds } = request;
  if (count === 0) return { peakConcurrency: 0, finishSeconds: 0 };
  const startsPerSecond = count / (window.maxSeconds - window.minSeconds + 1);
  const mean = startsPerSecond * Math.max(1, estimatedSeconds);
  const peak = window.maxSeconds === window.minSeconds ? count : Math.ceil(mean + 3 * Math.sqrt(mean));
  const workSeconds = Math.ceil(count / concurrency) * estimatedSeconds;
  return {
    peakConcurrency: Math.min(concurrency, count, peak),
    finishSeconds: Math.ceil(Math.max(window.maxSeconds + estimatedSeconds, window.minSeconds + workSeconds)),
  };
}
