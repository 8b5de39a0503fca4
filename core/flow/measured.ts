import type { Wanted } from '../config-record.ts';
import { equalJson } from '../equal-json.ts';

/** What the tasks of a pipeline have taken since its ledger began, as its consumer counts. */
export interface RanSoFar {
  readonly tasks: number;
  readonly ms: number;
}

/** How long its tasks take, as far as anybody has looked. */
export interface Measured {
  /** A mean in which the newest look counts for half. */
  readonly taskSeconds: number;
  /** The counters of the look that it comes from; what came since is the next look's. */
  readonly tasks: number;
  readonly ms: number;
  /** ISO 8601. */
  readonly at: string;
}

/** Fewer tasks say nothing. */
const LEAST_TASKS = 20;
const NEWEST_SHARE = 0.5;
/** Less of a difference is not worth a write, ... */
const WORTH_A_WRITE = 0.1;
/** ... but for so long: a mean over a day does not show what this hour is like. */
const LONGEST_SPAN_MS = 3_600_000;

/**
 * A look at the counters.
 * @returns what to keep; undefined where it would say what is known
 */
export function measure(before: Measured | undefined, ran: RanSoFar, nowMs: number): Measured | undefined {
  // A ledger that began anew begins at 0.
  const since = before !== undefined && ran.tasks >= before.tasks ? before : { tasks: 0, ms: 0 };
  const tasks = ran.tasks - since.tasks;
  if (tasks < LEAST_TASKS || ran.ms < since.ms) return undefined;
  const newest = (ran.ms - since.ms) / tasks / 1000;
  const known = before?.taskSeconds ?? newest;
  const taskSeconds = known + (newest - known) * NEWEST_SHARE;
  const isOld = before === undefined || nowMs - Date.parse(before.at) >= LONGEST_SPAN_MS;
  if (!isOld && Math.abs(taskSeconds - known) < WORTH_A_WRITE * known) return undefined;
  return { taskSeconds, tasks: ran.tasks, ms: ran.ms, at: new Date(nowMs).toISOString() };
}

/** Concurrency is lowered only if it is larger than needed by more than this share of it. */
const TOO_MUCH = 0.2;

/**
 * What is wanted, but with the concurrency as it is where that follows from a measured rate and is enough, and not
 * much more than enough: a mean moves a little at every look, and each change is a run.
 */
export function keepSteady(wanted: Wanted, applied: Wanted | undefined): Wanted {
  const follows = wanted.concurrencySource === 'rateLimit' && applied?.concurrencySource === 'rateLimit';
  if (!follows || !equalJson(applied.rateLimits, wanted.rateLimits)) return wanted;
  const spare = applied.concurrency - wanted.concurrency;
  const isSteady = spare >= 0 && spare <= TOO_MUCH * applied.concurrency;
  return isSteady ? { ...wanted, concurrency: applied.concurrency } : wanted;
}
