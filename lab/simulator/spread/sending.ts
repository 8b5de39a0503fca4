import { boundsOf } from '../../../core/burst/round.ts';
import {
  type Call,
  composeRound,
  delaySecondsFor,
  endsRound,
  nextCall,
  type RoundTask,
} from '../../../core/spread/phases.ts';
import type { BurstPlan } from '../../../core/spread/plan.ts';
import { createStarts } from '../../../core/spread/starts.ts';
import type { Chance } from '../chance.ts';

/** What it is like to send to SQS. */
export interface Line {
  /** Calls at once. */
  readonly inFlight: number;
  /** From a call to its answer, from the shortest to the longest, milliseconds. */
  readonly callMs: readonly [number, number];
  /** Calls that begin late: how many of all, and by how much at most, milliseconds. */
  readonly lateShare: number;
  readonly lateMs: number;
}

export const USUAL_LINE: Line = { inFlight: 32, callMs: [5, 10], lateShare: 0.05, lateMs: 60 };

/** A message as SQS has it. Milliseconds after the hand-over. */
export interface SentTask {
  readonly index: number;
  readonly receivedMs: number;
  readonly delaySeconds: number;
}

/** Sends tasks in their order as fast as the line takes them, with delays that were chosen before. */
export function sendAtOnce(delaysSeconds: readonly number[], line: Line, chance: Chance): SentTask[] {
  const sent: SentTask[] = [];
  const workers = workersOf(line, 0);
  for (let from = 0; from < delaysSeconds.length; from += 10) {
    const atMs = workers.take();
    const receivedMs = callAt(atMs, line, chance, workers);
    for (const [at, delaySeconds] of delaysSeconds.slice(from, from + 10).entries()) {
      sent.push({ index: from + at, receivedMs, delaySeconds });
    }
  }
  return sent;
}

/** Sends a plan in phase, round by round: a model of what the trigger does that is quick enough to be run very often. */
export function sendInPhase(
  plan: Pick<BurstPlan, 'starts' | 'window'>,
  durationsSeconds: readonly number[],
  line: Line,
  chance: Chance,
  bytes = 100,
): SentTask[] {
  const bounds = boundsOf(plan.window);
  const sent: SentTask[] = [];
  let nowMs = 0;
  for (const round of roundsOf(plan, durationsSeconds, bytes)) {
    const left = new Set<Call>(composeRound(round, bounds));
    const workers = workersOf(line, nowMs);
    while (left.size > 0) {
      const freeMs = workers.take();
      const next = nextCall(left, freeMs);
      if (next === undefined) break;
      left.delete(next.call);
      const beginMs = next.atMs + (chance.happens(line.lateShare) ? chance.between(0, line.lateMs) : 0);
      const receivedMs = callAt(beginMs, line, chance, workers);
      for (const { index, dueMs } of next.call.tasks) {
        sent.push({ index, receivedMs, delaySeconds: delaySecondsFor(dueMs, beginMs, bounds) });
      }
    }
    nowMs = workers.latest();
  }
  return sent;
}

function* roundsOf(
  { starts: rule }: Pick<BurstPlan, 'starts'>,
  durationsSeconds: readonly number[],
  bytes: number,
): Generator<RoundTask[], void> {
  const starts = createStarts(rule);
  let round: RoundTask[] = [];
  for (const [index, seconds] of durationsSeconds.entries()) {
    const task = { index, dueMs: starts.next(seconds), bytes };
    const size = { tasks: round.length, bytes: round.length * bytes, firstDueMs: round[0]?.dueMs ?? 0 };
    if (endsRound(size, task)) {
      yield round;
      round = [];
    }
    round.push(task);
  }
  if (round.length > 0) yield round;
}

interface Workers {
  /** When the first of them is free. It is then busy until `busyUntil` says so. */
  take(): number;
  busyUntil(ms: number): void;
  latest(): number;
}

function workersOf({ inFlight }: Line, nowMs: number): Workers {
  const freeMs = Array.from({ length: inFlight }, () => nowMs);
  let taken = 0;
  return {
    take: () => {
      taken = 0;
      for (const [worker, ms] of freeMs.entries()) if (ms < (freeMs[taken] ?? ms)) taken = worker;
      return freeMs[taken] ?? nowMs;
    },
    busyUntil: (ms) => {
      freeMs[taken] = ms;
    },
    latest: () => Math.max(...freeMs),
  };
}

/** @returns when SQS has the messages: somewhere within the call */
function callAt(atMs: number, { callMs }: Line, chance: Chance, workers: Workers): number {
  const tookMs = chance.between(...callMs);
  workers.busyUntil(atMs + tookMs);
  return atMs + tookMs * chance.next();
}
