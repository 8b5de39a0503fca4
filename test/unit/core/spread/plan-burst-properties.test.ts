import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundsOf } from '../../../../core/burst/round.ts';
import { peakOf } from '../../../../core/spread/curve.ts';
import { createStarts } from '../../../../core/spread/starts.ts';
import { Chance } from '../../../../lab/simulator/chance.ts';
import { runTasks } from '../../../../lab/simulator/spread/running.ts';
import { type Line, sendInPhase, USUAL_LINE } from '../../../../lab/simulator/spread/sending.ts';
import { any, type Case, cases, constant, planOf, uneven } from './cases.ts';

/** As late as plans reckon with. */
const LINE: Line = { ...USUAL_LINE, lateMs: 40 };

/** How long a deadline is, as a multiple of what the pipeline needs. */
const ease = fc.double({ min: 0.8, max: 2, noNaN: true });

/** The same with a deadline that the pipeline only just keeps, or just does not. */
function withDeadline(one: Case, times: number): Case & { readonly deadline: number } {
  const rounds = Math.ceil(one.count / one.bounds.concurrency);
  const deadline = Math.max(1, Math.round(rounds * one.estimate.meanSeconds * times));
  return { ...one, goal: { finishWithinSeconds: deadline }, deadline };
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
        // AWS gives five slots to begin with and five more each second: 5 t + 2.5 t² slot seconds after t.
        const ramped = (Math.sqrt(25 + 10 * one.count * each) - 5) / 5;
        const least = Math.max(Math.ceil(one.count / peak) * each, ramped);
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

  it('comes to the same plan by the same chance', () => {
    fc.assert(fc.property(any, (one) => expect(planOf(one)).toEqual(planOf(one))));
  });
});
