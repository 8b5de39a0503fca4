import { describe, expect, it } from '@jest/globals';
import { ceilingOver, paceChangeOver } from '../../../../core/lifecycle/ceiling.ts';
import { target } from './records.ts';

const fast = { concurrency: 5, rateLimit: { tasks: 10, perSeconds: 2 } };
const byLedger = { concurrency: 3, rateLimit: { tasks: 10, perSeconds: 2 } };

describe('the most that may be in force', () => {
  it('is the largest of each, and every pace once', () => {
    const applied = target({ ...fast, timeoutSeconds: 60 });
    const next = target({ ...byLedger, timeoutSeconds: 20 });
    const ceiling = ceilingOver({ applied }, next);
    expect(ceiling).toMatchObject({ concurrency: 5, timeoutSeconds: 60 });
    expect(ceiling.paces?.map(({ pace, concurrency }) => [pace.kind, concurrency])).toEqual([
      ['slots', 5],
      ['ledger', 3],
    ]);
    expect(ceilingOver({ applied, ceiling }, next)).toEqual(ceiling);
  });

  it('stays, with all that a run that was broken off was about to bring, until one settles', () => {
    const applied = target({ concurrency: 5 });
    const first = ceilingOver({ applied }, target(fast));
    const second = ceilingOver({ applied, ceiling: first }, target(byLedger));
    expect(second.paces?.map(({ pace }) => pace.kind)).toEqual(['none', 'slots', 'ledger']);
    // Back to where it was: the slots and the ledger between may both be in force.
    expect(paceChangeOver({ applied, ceiling: second }, target(fast))).toMatchObject({ kind: 'rest' });
    expect(paceChangeOver({ applied }, target(fast))).toEqual({ kind: 'settleLate' });
  });

  it('is small, however many runs were broken off, and then nothing may run beside what is next', () => {
    const rates = Array.from({ length: 100 }, (_, index) => ({
      concurrency: 5,
      batchSize: 100,
      batchWindowSeconds: 1,
      rateLimit: { tasks: 10 * (index + 1), perSeconds: 2 },
    }));
    let ceiling = ceilingOver({}, target(fast));
    for (const rate of rates) {
      ceiling = ceilingOver({ ceiling }, target(rate));
      expect(JSON.stringify(ceiling).length).toBeLessThan(1_500);
    }
    // Each looser than the one before: after one of them that would be free.
    const afterOne = { ceiling: ceilingOver({}, target(rates[0])) };
    expect(paceChangeOver(afterOne, target(rates[1]))).toEqual({ kind: 'free' });
    for (const next of [rates.at(-1), byLedger]) {
      expect(paceChangeOver({ ceiling }, target(next))).toMatchObject({ kind: 'rest' });
    }
  });
});
