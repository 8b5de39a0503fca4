import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keptStarts } from '../../../../core/burst/kept-starts.ts';
import { type BurstRecord, NOTHING_SENT, type SentMark, segmentOf } from '../../../../core/burst/record.ts';
import { boundsOf, createRounds, type Round } from '../../../../core/burst/round.ts';
import { newSegment, restOfPlan, withPlan } from '../../../../core/burst/segments.ts';
import type { ReadTask } from '../../../../core/burst/task.ts';
import { type Call, composeRound, delaySecondsFor, nextCall } from '../../../../core/spread/phases.ts';
import type { BurstPlan, PlanRequest } from '../../../../core/spread/plan.ts';
import { estimateOf } from '../../../../lab/simulator/spread/policies.ts';
import { type Case, cases, goal, planOf, rateLimits, seconds } from '../spread/cases.ts';
import { BEGIN_MS, burst } from './bursts.ts';

/** A message as SQS has it. */
interface Sent {
  readonly index: number;
  /** When it comes out, epoch milliseconds. */
  readonly outMs: number;
  readonly delaySeconds: number;
  /** The plan it was sent by, and when that began. */
  readonly plan: BurstPlan;
  readonly startMs: number;
}

/** After so many rounds more, the rest is planned anew: by another goal, or at the same pace. */
interface Change {
  readonly rounds: number;
  readonly afterMs: number;
  readonly by: { readonly goal: PlanRequest['goal'] } | 'samePace';
}

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    rounds: fc.nat(3),
    afterMs: fc.nat(30_000),
    by: fc.oneof(
      goal.map((other) => ({ goal: other })),
      fc.constant('samePace' as const),
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

/** A round takes 32 MiB: of so large tasks a few dozen, so that there are places between rounds. */
const bytes = fc.constantFrom(100, 400_000, 1_000_000, 1_000_000, 1_000_000);
const many = fc.array(seconds, { minLength: 150, maxLength: 400, size: 'max' });
const bursts = fc.oneof(cases(many, 'measured', rateLimits), cases(many, 'tasks', rateLimits));

const tasksOf = ({ durations, durationsSeconds }: Case, size: number): readonly ReadTask[] =>
  durations.map((estimatedSeconds, index) => ({
    kind: 'task',
    index,
    endByte: (index + 1) * size,
    body: String(index),
    bytes: size,
    said: durationsSeconds === undefined ? {} : { estimatedSeconds },
  }));

/** The next round of what is left, made by nothing but what is kept: the record and the mark, as JSON. */
function nextRound(record: BurstRecord, mark: SentMark, tasks: readonly ReadTask[]): Round | undefined {
  const [kept, from] = JSON.parse(JSON.stringify([record, mark])) as [BurstRecord, SentMark];
  const rounds = createRounds(kept, from);
  for (const task of tasks.slice(from.fromIndex)) {
    const full = rounds.add(task);
    if (full !== undefined) return full;
  }
  return rounds.end();
}

/** Sends a round call by call over a line that takes no time. @returns when the last call went, epoch milliseconds */
function sendRound({ segment, tasks }: Round, fromMs: number, sent: Sent[]): number {
  const { plan, startMs } = segment;
  const bounds = boundsOf(plan.window);
  const left = new Set<Call>(composeRound(tasks, bounds));
  let nowMs = fromMs - startMs;
  for (let next = nextCall(left, nowMs); next !== undefined; next = nextCall(left, nowMs)) {
    left.delete(next.call);
    nowMs = next.atMs;
    for (const { index, dueMs } of next.call.tasks) {
      const delaySeconds = delaySecondsFor(dueMs, nowMs, bounds);
      sent.push({ index, outMs: startMs + nowMs + delaySeconds * 1000, delaySeconds, plan, startMs });
    }
  }
  return startMs + nowMs;
}

function anew(record: BurstRecord, mark: SentMark, by: Change['by'], one: Case): BurstPlan {
  const left = record.total - mark.fromIndex;
  if (by === 'samePace') {
    const segment = segmentOf(record, mark.fromIndex);
    return restOfPlan(segment.plan, mark.fromIndex - segment.fromIndex, left);
  }
  return planOf({ ...one, count: left, goal: by.goal, ...(one.durationsSeconds && restOf(one, mark)) }).plan;
}

/** Of the tasks that are left, where each says how long it takes: other tasks than all, another estimate. */
function restOf(
  { durations }: Case,
  { fromIndex }: SentMark,
): Pick<PlanRequest, 'durationsSeconds' | 'estimate'> {
  const durationsSeconds = durations.slice(fromIndex);
  return { durationsSeconds, estimate: estimateOf({ durationsSeconds }, 'tasks') };
}

function sendAll(one: Case, size: number, wishes: readonly Change[]) {
  const tasks = tasksOf(one, size);
  let record = burst({
    state: 'Sending',
    total: one.count,
    segments: [newSegment(0, BEGIN_MS, planOf(one).plan)],
    known: {
      timeoutSeconds: 900,
      ...(one.durationsSeconds === undefined && { measured: measuredOf(one) }),
    },
  });
  let mark = NOTHING_SENT;
  let nowMs = BEGIN_MS;
  const sent: Sent[] = [];
  const send = (rounds: number) => {
    for (let sending = 0; sending < rounds && mark.fromIndex < record.total; sending += 1) {
      const round = nextRound(record, mark, tasks);
      if (round === undefined) throw new Error(`nothing to send from ${mark.fromIndex} on`);
      expect(round.fromIndex).toBe(mark.fromIndex);
      nowMs = sendRound(round, nowMs, sent);
      const { nextIndex: fromIndex, nextByte: fromByte, nextStarts } = round;
      mark = { ...NOTHING_SENT, fromIndex, fromByte, starts: keptStarts(nextStarts) };
    }
  };
  for (const { rounds, afterMs, by } of wishes) {
    send(rounds);
    if (mark.fromIndex >= record.total) break;
    nowMs += afterMs;
    record = withPlan(record, mark, anew(record, mark, by, one), nowMs);
  }
  send(Number.POSITIVE_INFINITY);
  return { record, sent };
}

function measuredOf({ estimate: { meanSeconds, p95Seconds } }: Case) {
  return { meanSeconds, p95Seconds };
}

/** Calls take tasks of nearly one phase, and a call that is late goes at once. */
const PHASE_MS = 50;

describe('a burst that is planned anew, again and again, between any two rounds', () => {
  it('sends every task exactly once, and each in the window of its own plan', () => {
    let planned = 0;
    fc.assert(
      fc.property(bursts, bytes, changes, (one, size, wishes) => {
        const { record, sent } = sendAll(one, size, wishes);
        expect(sent.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...one.durations.keys()]);
        for (const { index, outMs, delaySeconds, plan, startMs } of sent) {
          const { minSeconds, maxSeconds } = plan.window;
          expect(Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= 900).toBe(true);
          const out = { index, afterMs: outMs - startMs };
          expect(out.afterMs).toBeGreaterThanOrEqual(minSeconds * 1000 - PHASE_MS);
          expect(out.afterMs).toBeLessThan((maxSeconds + 1) * 1000 + PHASE_MS);
        }
        // The record tells of each task the plan that it was sent by, for what it has promised is summed up from there.
        for (const { index, startMs, plan } of sent) {
          const said = segmentOf(record, index);
          expect([index, said.startMs, said.plan.starts]).toEqual([index, startMs, plan.starts]);
        }
        expect(record.segments.reduce((sum, { plan }) => sum + plan.count, 0)).toBe(one.count);
        if (record.segments.length > 2) planned += 1;
      }),
      { numRuns: 100 },
    );
    // Otherwise this would say nothing.
    expect(planned).toBeGreaterThan(10);
  });
});
