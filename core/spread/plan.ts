import type { RateLimit } from '../config-record/rate-limit.ts';
import type { Spread } from '../config-record/spread.ts';
import type { Estimate } from './estimate.ts';

/** When tasks of a burst are due, seconds after it is handed over. */
export interface SpreadWindow {
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** What of a pipeline bounds its bursts. */
export interface PipelineBounds {
  /** Tasks at once. */
  readonly concurrency: number;
  readonly rateLimits: readonly RateLimit[];
  /** Tasks that wait or run before the burst's first. */
  readonly backlog: number;
}

export interface PlanRequest {
  /** Tasks to be sent. */
  readonly count: number;
  /** Absent: handed over at once, and worked as the pipeline's limits allow. */
  readonly goal: Spread | undefined;
  readonly bounds: PipelineBounds;
  readonly estimate: Estimate;
  /**
   * How long each task takes, seconds, in their order; read several times. Where it is at hand and the estimate is of
   * tasks that say so themselves, the fewest slots are found by trying; else by their sum.
   */
  readonly durationsSeconds?: Iterable<number>;
  /** Uniform in [0, 1): where in the first gap the burst begins, so that bursts of the same moment do not line up. */
  readonly random: () => number;
}

/**
 * When the tasks of a burst start, by their order. Milliseconds after the hand-over, fractions kept. Plain JSON: it is
 * kept in the burst's record, and whoever goes on with the burst comes to the same times.
 */
export type StartRule =
  /** All of them at once. */
  | { readonly kind: 'atOnce'; readonly firstMs: number }
  /** So far apart. */
  | { readonly kind: 'even'; readonly firstMs: number; readonly spacingMs: number }
  /**
   * Each where one of `slots` is free: for tasks that say how long they take. The first ones are `staggerMs` apart;
   * a slot rests for `restMs` after each task, so that one which ends late does not overlap the next.
   */
  | {
      readonly kind: 'slots';
      readonly firstMs: number;
      readonly slots: number;
      readonly staggerMs: number;
      readonly restMs: number;
    };

/**
 * What keeps a burst from being over sooner, or its peak from being lower; `tasks`: nothing but how long each takes.
 */
export type BoundBy = 'goal' | 'concurrency' | 'rateLimit' | 'backlog' | 'tasks';

export interface Prediction {
  /** Tasks of the burst that run at the same time, at most. */
  readonly peakConcurrency: number;
  /** From the hand-over to the end of the last task. */
  readonly finishSeconds: number;
  /** Within which `finishSeconds` will be, as far as the estimate is right: core/queueing says how. */
  readonly finishRange: { readonly fromSeconds: number; readonly toSeconds: number };
  /** Mean wait of a task in the queue after it is due. */
  readonly waitSeconds: number;
}

export interface BurstPlan {
  readonly count: number;
  readonly starts: StartRule;
  readonly window: SpreadWindow;
  readonly estimate: Estimate;
  readonly predicted: Prediction;
  readonly boundBy: BoundBy;
}

/** `impossible`: the goal cannot be reached by this pipeline; `plan` is what comes nearest, `message` says so in numbers. */
export type Planned =
  | { readonly kind: 'planned'; readonly plan: BurstPlan }
  | { readonly kind: 'impossible'; readonly message: string; readonly plan: BurstPlan };
