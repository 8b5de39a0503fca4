import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundsOf } from '../../../../core/burst/round.ts';
import type { RateLimit } from '../../../../core/config-record/rate-limit.ts';
import { peakOf } from '../../../../core/spread/curve.ts';
import type { Estimate } from '../../../../core/spread/estimate.ts';
import type { PlanRequest } from '../../../../core/spread/plan.ts';
import { planBurst } from '../../../../core/spread/plan-burst.ts';
import { createStarts } from '../../../../core/spread/starts.ts';
import { Chance } from '../../../../lab/simulator/chance.ts';
import { estimateOf } from '../../../../lab/simulator/spread/policies.ts';
import { runTasks } from '../../../../lab/simulator/spread/running.ts';
import { type Line, sendInPhase, USUAL_LINE } from '../../../../lab/simulator/spread/sending.ts';

/** As late as plans reckon with. */
const LINE: Line = { ...USUAL_LINE, lateMs: 40 };

const seconds = fc.integer({ min: 1, max: 200 }).map((tenths) => tenths / 10);
const goal: fc.Arbitrary<PlanRequest['goal']> = fc.oneof(
  fc.constant(undefined),
  fc
    .tuple(fc.nat(2000), fc.nat(2000))
    .map(([a, b]) => ({ minSeconds: Math.min(a, b), maxSeconds: Math.max(a, b) })),
  fc
    .tuple(fc.nat(900), fc.nat(900))
    .map(([a, b]) => ({ minSeconds: Math.min(a, b), maxSeconds: Math.max(a, b) })),
  fc.record({ maxConcurrency: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ finishWithinSeconds: fc.integer({ min: 1, max: 2000 }) }),
);
/** How long a deadline is, as a multiple of what the pipeline needs. */
const ease = fc.double({ min: 0.8, max: 2, noNaN: true });

/** What a burst is planned by, and what its tasks then take. */
interface Case extends Omit<PlanRequest, 'random'> {
  readonly durations: readonly number[];
  readonly seed: number;
}

const constant: fc.Arbitrary<readonly number[]> = fc
  .tuple(fc.integer({ min: 1, max: 300 }), seconds)
  .map(([count, each]) => Array.from({ length: count }, () => each));
const uneven = fc.array(seconds, { minLength: 1, maxLength: 300 });

function cases(
  durations: fc.Arbitrary<readonly number[]>,
  source: 'measured' | 'tasks',
  limits: fc.Arbitrary<readonly RateLimit[]> = fc.constant([]),
): fc.Arbitrary<Case> {
  return fc
    .tuple(durations, goal, fc.integer({ min: 1, max: 100 }), limits, fc.integer())
    .map(([list, wanted, concurrency, rateLimits, seed]) => ({
      count: list.length,
      goal: wanted,
      bounds: { concurrency, rateLimits, backlog: 0 },
      estimate: estimateOf({ durationsSeconds: list }, source),
      ...(source === 'tasks' && { durationsSeconds: list }),
      durations: list,
      seed,
    }));
}

const rateLimits = fc.array(
  fc.record({ tasks: fc.integer({ min: 1, max: 100 }), perSeconds: fc.integer({ min: 1, max: 60 }) }),
  { maxLength: 2 },
);
const any = fc.oneof(
  cases(constant, 'measured', rateLimits),
  cases(uneven, 'measured', rateLimits),
  cases(uneven, 'tasks', rateLimits),
);

/** The same with a deadline that the pipeline only just keeps, or just does not. */
function withDeadline(one: Case, times: number): Case & { readonly deadline: number } {
  const rounds = Math.ceil(one.count / one.bounds.concurrency);
  const deadline = Math.max(1, Math.round(rounds * one.estimate.meanSeconds * times));
  return { ...one, goal: { finishWithinSeconds: deadline }, deadline };
}

function planOf(one: Case) {
  const chance = new Chance(one.seed, 'plan');
  return planBurst({ ...one, random: () => chance.next() });
}

function run(one: Case, line = LINE) {
  const planned = planOf(one);
  const chance = new Chance(one.seed, 'run');
  const sent = sendInPhase(planned.plan, one.durations, line, chance);
  const pipeline = { concurrency: one.bounds.concurrency, noiseMs: 100 };
  return { planned, sent, ran: runTasks(sent, one.durations, pipeline, chance) };
}

const duesOf = (one: Case): number[] => {
  const starts = createStarts(planOf(one).plan.starts);
  return one.durations.map((each) => starts.next(each));
};

describe('planBurst', () => {
  it('sends every task once, with a delay of whole seconds from 0 to 900 that lies in the window', () => {
    fc.assert(
      fc.property(any, (one) => {
        const { planned, sent } = run(one);
        const { minSeconds, maxSeconds } = boundsOf(planned.plan.window);
        expect(sent.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...one.durations.keys()]);
        for (const { delaySeconds } of sent) {
          expect(Number.isInteger(delaySeconds)).toBe(true);
          expect(delaySeconds).toBeGreaterThanOrEqual(Math.max(0, minSeconds));
          expect(delaySeconds).toBeLessThanOrEqual(Math.min(900, maxSeconds));
        }
      }),
    );
  });

  it('has no task due outside of the window that is asked for', () => {
    fc.assert(
      fc.property(any, (one) => {
        if (one.goal === undefined || !('minSeconds' in one.goal)) return;
        const dues = duesOf(one);
        expect(dues[0]).toBeGreaterThanOrEqual(one.goal.minSeconds * 1000);
        expect(dues.at(-1)).toBeLessThan((one.goal.maxSeconds + 1) * 1000);
      }),
    );
  });

  it('never has more tasks running than it promises, where all take the same time', () => {
    fc.assert(
      fc.property(cases(constant, 'measured'), (one) => {
        const { planned, ran } = run(one);
        expect(peakOf(ran).running).toBeLessThanOrEqual(planned.plan.predicted.peakConcurrency);
      }),
      { numRuns: 300 },
    );
  });

  it('never has more tasks running than it was asked for, where the tasks say how long they take', () => {
    fc.assert(
      fc.property(cases(uneven, 'tasks'), (one) => {
        if (one.goal === undefined || !('maxConcurrency' in one.goal)) return;
        expect(peakOf(run(one).ran).running).toBeLessThanOrEqual(one.goal.maxConcurrency);
      }),
      { numRuns: 300 },
    );
  });

  it('needs little more than the least time where the peak is asked for', () => {
    fc.assert(
      fc.property(cases(constant, 'measured'), (one) => {
        if (one.goal === undefined || !('maxConcurrency' in one.goal)) return;
        const peak = Math.min(one.goal.maxConcurrency, one.bounds.concurrency);
        const each = one.estimate.meanSeconds;
        const least = Math.ceil(one.count / peak) * each;
        const { finishSeconds } = planOf(one).plan.predicted;
        // Each turn has its 0.18 s, a tenth goes into the first starts, and the last turn may be of few tasks.
        expect(finishSeconds).toBeLessThanOrEqual((1.1 * least * (each + 0.18)) / each + each);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps a deadline, or refuses one that no plan keeps', () => {
    fc.assert(
      fc.property(
        cases(constant, 'measured').chain((one) => ease.map((times) => withDeadline(one, times))),
        (one) => {
          const { planned, ran } = run(one);
          const { deadline } = one;
          const rounds = Math.ceil(one.count / one.bounds.concurrency);
          const least = rounds * one.estimate.meanSeconds;
          if (planned.kind === 'impossible') {
            expect(least).toBeGreaterThan(deadline);
            return;
          }
          const endMs = Math.max(...ran.map((interval) => interval.endMs));
          // Where all come at once, each round begins as late as its first message comes.
          const { kind } = planned.plan.starts;
          expect(endMs).toBeLessThanOrEqual(deadline * 1000 + (kind === 'atOnce' ? 300 : 0));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps a deadline where the tasks say how long they take', () => {
    fc.assert(
      fc.property(
        cases(uneven, 'tasks').chain((one) => ease.map((times) => withDeadline(one, times))),
        (one) => {
          const { planned, ran } = run(one);
          // Messages that come out late change places, and so does what a full pipeline does with them.
          if (planned.kind === 'impossible' || planned.plan.starts.kind === 'atOnce') return;
          const endMs = Math.max(...ran.map((interval) => interval.endMs));
          expect(endMs).toBeLessThanOrEqual(one.deadline * 1000);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('predicts no peak above what the pipeline or the burst has, and no end before the work can be done', () => {
    fc.assert(
      fc.property(any, (one) => {
        const { predicted } = planOf(one).plan;
        expect(predicted.peakConcurrency).toBeLessThanOrEqual(Math.min(one.count, one.bounds.concurrency));
        expect(predicted.peakConcurrency).toBeGreaterThan(0);
        const work = one.durations.reduce((sum, each) => sum + each, 0);
        expect(predicted.finishSeconds).toBeGreaterThanOrEqual(work / one.bounds.concurrency - 1e-6);
        expect(predicted.finishRange.fromSeconds).toBeLessThanOrEqual(predicted.finishSeconds);
        expect(predicted.finishRange.toSeconds).toBeGreaterThanOrEqual(predicted.finishSeconds);
      }),
    );
  });

  it('sends the rest of a burst that is planned anew, and no task of it twice', () => {
    fc.assert(
      fc.property(any, goal, fc.double({ min: 0, max: 1, noNaN: true }), (one, other, share) => {
        const from = Math.floor(share * one.count);
        const rest = one.durations.slice(from);
        const before = { ...one, durations: one.durations.slice(0, from) };
        const estimate: Estimate = one.estimate;
        const again: Case = { ...one, count: rest.length, goal: other, estimate, durations: rest };
        const first = from === 0 ? [] : duesOf(before).map((_, index) => index);
        const second =
          rest.length === 0
            ? []
            : run({ ...again, ...(one.durationsSeconds && { durationsSeconds: rest }) }).sent;
        const sent = [...first, ...second.map(({ index }) => from + index)];
        expect(sent.sort((a, b) => a - b)).toEqual([...one.durations.keys()]);
      }),
    );
  });

  it('comes to the same plan by the same chance', () => {
    fc.assert(fc.property(any, (one) => expect(planOf(one)).toEqual(planOf(one))));
  });
});
