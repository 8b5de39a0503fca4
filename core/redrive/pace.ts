import { LAMBDA_TIMEOUT_MAX_SECONDS } from '../aws-limits.ts';
import { ASSUMED_TASK_SECONDS } from '../burst/assumed.ts';
import type { Wanted } from '../config-record.ts';
import { startsPerSecond } from '../flow/pace.ts';
import type { Counts } from '../lifecycle/rest.ts';
import type { HealthSample } from '../release/health.ts';

/** The part of what a group can work that a redrive may fill; the rest is for live work. */
const SHARE = 0.5;
/** Tasks per busy slot that may wait in the queue; a live task then waits behind no more than that. */
const WAITING_PER_SLOT = 3;
/** A group of short tasks may have a second's worth waiting: nobody looks more often. */
const WAITING_SECONDS = 1;

/** How fast a redrive may send, and into how full a queue. */
export interface RedrivePace {
  readonly perSecond: number;
  /** Nothing is sent while so many tasks wait: live work goes first. */
  readonly waitingMost: number;
  /** Tasks of the group that may be running, or received and about to run. */
  readonly runningMost: number;
}

/** What there is to know of a group's speed. */
export type Speed = Pick<Wanted, 'concurrency' | 'rateLimits' | 'batchSize'>;

/**
 * At most half of what the group can work: of its strictest rate limit, or of its concurrency by what its tasks take.
 * By Little's law a rate limit keeps only so many slots busy.
 * @see https://en.wikipedia.org/wiki/Little%27s_law
 * @param taskSeconds what a task takes
 */
export function paceOf({ concurrency, rateLimits, batchSize }: Speed, taskSeconds: number): RedrivePace {
  const workable = Math.min(concurrency / taskSeconds, startsPerSecond(rateLimits));
  const perSecond = workable * SHARE;
  const slots = Math.min(concurrency, Math.ceil(workable * taskSeconds - 1e-9));
  return {
    perSecond,
    waitingMost: Math.max(WAITING_PER_SLOT * slots, Math.floor(perSecond * WAITING_SECONDS)),
    runningMost: concurrency * batchSize,
  };
}

/**
 * Tasks that could run now and do not. A task in flight that no slot has room for is one: held back by its limit.
 * What a delay holds back is to run later.
 */
export function waitingOf({ visible, inFlight }: Counts, { runningMost }: RedrivePace): number {
  return visible + Math.max(0, inFlight - runningMost);
}

/** What a redrive may do now. */
export type Allowance =
  | { readonly kind: 'send'; readonly most: number }
  | {
      readonly kind: 'wait';
      readonly waitsFor: 'liveWork' | 'pace';
      readonly afterMs: number;
    };

/**
 * @param nextSendMs when the next letter is due, see {@link afterSending}
 * @param nowMs epoch milliseconds
 */
export function allowanceOf(pace: RedrivePace, counts: Counts, nextSendMs: number, nowMs: number): Allowance {
  const waiting = waitingOf(counts, pace);
  const room = pace.waitingMost - waiting;
  if (room < 1) {
    const tooMany = waiting - pace.waitingMost / 2;
    return { kind: 'wait', waitsFor: 'liveWork', afterMs: (tooMany * SHARE * 1000) / pace.perSecond };
  }
  if (nowMs < nextSendMs) return { kind: 'wait', waitsFor: 'pace', afterMs: nextSendMs - nowMs };
  const due = Math.floor(((nowMs - nextSendMs) * pace.perSecond) / 1000) + 1;
  return { kind: 'send', most: Math.max(1, Math.floor(Math.min(room, due))) };
}

/** When the next letter is due after so many: what could not be sent for long is not made up for. */
export function afterSending(pace: RedrivePace, nextSendMs: number, count: number, nowMs: number): number {
  const spacingMs = 1000 / pace.perSecond;
  return Math.max(nextSendMs, nowMs - pace.waitingMost * spacingMs) + count * spacingMs;
}

/** Letters are sent one by one if they are this far apart, else some at once. */
const LONGEST_GATHERING_MS = 30_000;

/** How long to wait until it is worth looking again. */
export function restMs(pace: RedrivePace, nextSendMs: number, nowMs: number): number {
  const spacingMs = 1000 / pace.perSecond;
  const gathered = Math.min((pace.waitingMost / 2) * spacingMs, LONGEST_GATHERING_MS);
  return Math.max(nextSendMs - nowMs, gathered);
}

/** No task is shorter in what follows from it. */
const LEAST_TASK_SECONDS = 0.01;

/** What a task takes by what was seen of its group; an attempt that failed counts as one. */
export function taskSecondsOf(samples: readonly HealthSample[]): number {
  const sum = (pick: (sample: HealthSample) => number) =>
    samples.reduce((total, sample) => total + pick(sample), 0);
  // A call of a batch runs several.
  const tasks = Math.max(
    sum(({ calls }) => calls),
    sum(({ done }) => done),
  );
  if (tasks <= 0) return ASSUMED_TASK_SECONDS;
  const seconds = sum(({ durationMs }) => durationMs) / tasks / 1000;
  return Math.min(Math.max(seconds, LEAST_TASK_SECONDS), LAMBDA_TIMEOUT_MAX_SECONDS);
}
