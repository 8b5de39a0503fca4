import { SQS_BATCH_BYTES, SQS_BATCH_ENTRIES, SQS_MAX_DELAY_SECONDS } from '../aws-limits.ts';

/**
 * Delays of SQS are whole seconds, but they count from the moment of sending: a message that is sent at a fraction of
 * a second with a delay of `k` comes out at that fraction, `k` seconds later. So the sender works in rounds. A round is
 * the next tasks in the order of their due times; they are sorted by the fraction of a second at which they are due,
 * their phase, and go out in calls of nearly one phase each, every call at a moment of its phase.
 *
 * All times are milliseconds after the burst was handed over.
 */
export interface RoundTask {
  /** In the burst, from 0. */
  readonly index: number;
  readonly dueMs: number;
  /** As SQS counts them. */
  readonly bytes: number;
}

/** The longest and shortest delay that tasks may be sent with, whole seconds from 0 to 900. */
export interface DelayBounds {
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

export const ANY_DELAY: DelayBounds = { minSeconds: 0, maxSeconds: SQS_MAX_DELAY_SECONDS };

/** One SendMessageBatch. */
export interface Call<T extends RoundTask = RoundTask> {
  /** In its round, from 0. */
  readonly number: number;
  readonly tasks: readonly T[];
  /** The fraction of a second at which it should be sent: 0 to 1000. */
  readonly phaseMs: number;
  /** Sent sooner, a task of it would need a longer delay than it may have. */
  readonly earliestMs: number;
  /** Sent later, a task of it would be late. */
  readonly latestMs: number;
}

/** Tasks of a round: what goes out in about a second. More make finer phases, fewer are less to keep in memory. */
export const ROUND_TASKS = 5_000;
/** Of all tasks of a round together, unless its first alone has more. */
export const ROUND_BYTES = 32 * 2 ** 20;
/** From the first due time of a round to its last: well below the longest delay, so that any two may share a call. */
export const ROUND_SPAN_MS = 600_000;

/** A round as far as it is filled. */
export interface RoundSize {
  readonly tasks: number;
  readonly bytes: number;
  readonly firstDueMs: number;
}

/** Whether a task is the first of the next round; tasks come in the order of their due times. */
export function endsRound(round: RoundSize, next: Pick<RoundTask, 'dueMs' | 'bytes'>): boolean {
  if (round.tasks === 0) return false;
  return (
    round.tasks >= ROUND_TASKS ||
    round.bytes + next.bytes > ROUND_BYTES ||
    next.dueMs - round.firstDueMs > ROUND_SPAN_MS
  );
}

/** Phases of tasks that share a call differ by no more: half of it is how far a task may be from its due time. */
const PHASE_WIDTH_MS = 20;

/**
 * Puts the tasks of a round into calls; the same tasks always into the same calls.
 * @throws {RangeError} for a task that no call can carry
 */
export function composeRound<T extends RoundTask>(
  tasks: readonly T[],
  bounds: DelayBounds = ANY_DELAY,
): Call<T>[] {
  const inPhase = tasks
    .map((task) => ({ task, phaseMs: phaseOf(task.dueMs) }))
    .sort((a, b) => a.phaseMs - b.phaseMs || a.task.index - b.task.index);
  const calls: Call<T>[] = [];
  let together: T[] = [];
  let bytes = 0;
  let firstPhaseMs = 0;
  for (const { task, phaseMs } of inPhase) {
    if (task.bytes > SQS_BATCH_BYTES) {
      throw new RangeError(`task ${task.index} has ${task.bytes} bytes, a call takes ${SQS_BATCH_BYTES}`);
    }
    const isFull =
      together.length === SQS_BATCH_ENTRIES ||
      bytes + task.bytes > SQS_BATCH_BYTES ||
      phaseMs - firstPhaseMs > PHASE_WIDTH_MS;
    if (together.length > 0 && isFull) {
      calls.push(callOf(calls.length, together, bounds));
      together = [];
      bytes = 0;
    }
    if (together.length === 0) firstPhaseMs = phaseMs;
    together.push(task);
    bytes += task.bytes;
  }
  if (together.length > 0) calls.push(callOf(calls.length, together, bounds));
  return calls;
}

function phaseOf(dueMs: number): number {
  return ((dueMs % 1000) + 1000) % 1000;
}

/** @param tasks in the order of their phases */
function callOf<T extends RoundTask>(number: number, tasks: readonly T[], bounds: DelayBounds): Call<T> {
  const phases = tasks.map(({ dueMs }) => phaseOf(dueMs));
  const phaseMs = ((phases[0] ?? 0) + (phases.at(-1) ?? 0)) / 2;
  const seconds = tasks.map(({ dueMs }) => Math.floor(dueMs / 1000));
  let [least, most] = [Infinity, -Infinity];
  for (const second of seconds) {
    least = Math.min(least, second);
    most = Math.max(most, second);
  }
  return {
    number,
    tasks,
    phaseMs,
    earliestMs: (most - bounds.maxSeconds) * 1000 + phaseMs,
    latestMs: (least - bounds.minSeconds) * 1000 + phaseMs,
  };
}

/** Differences of fractions this small are none. */
const ROUNDING = 1e-6;

/** A call that has missed its moment by no more goes at once instead of a second later. */
const LATE_AT_MOST_MS = 50;

export interface NextCall<C> {
  readonly call: C;
  /** When to send it: not before now. */
  readonly atMs: number;
}

/**
 * Which call to send next, and when: the one whose moment comes first. A call whose phase is over waits for the same
 * phase of a later second, unless a task of it would be late by then: it goes at once.
 * @param calls those that nobody has begun to send; of the same moment the most urgent goes first
 */
export function nextCall<C extends Pick<Call, 'phaseMs' | 'earliestMs' | 'latestMs'>>(
  calls: Iterable<C>,
  nowMs: number,
): NextCall<C> | undefined {
  let next: NextCall<C> | undefined;
  for (const call of calls) {
    const atMs = momentOf(call, nowMs);
    const isSooner =
      next === undefined || atMs < next.atMs || (atMs === next.atMs && call.latestMs < next.call.latestMs);
    if (isSooner) next = { call, atMs };
  }
  return next;
}

function momentOf({ phaseMs, earliestMs, latestMs }: Omit<Call, 'number' | 'tasks'>, nowMs: number): number {
  let atMs = inPhaseFrom(nowMs - LATE_AT_MOST_MS, phaseMs);
  if (atMs < earliestMs) atMs = inPhaseFrom(earliestMs, phaseMs);
  if (atMs - latestMs > ROUNDING) atMs = earliestMs;
  if (atMs < nowMs) atMs = nowMs;
  return atMs;
}

/** The first moment of a phase that is not before another moment. */
function inPhaseFrom(fromMs: number, phaseMs: number): number {
  const waitMs = phaseOf(phaseMs - fromMs);
  return waitMs > 1000 - ROUNDING ? fromMs : fromMs + waitMs;
}

/** The delay that brings a message sent now out nearest to its due time: whole seconds within the bounds. */
export function delaySecondsFor(
  dueMs: number,
  sendMs: number,
  { minSeconds, maxSeconds }: DelayBounds = ANY_DELAY,
): number {
  return Math.min(maxSeconds, Math.max(minSeconds, Math.round((dueMs - sendMs) / 1000)));
}
