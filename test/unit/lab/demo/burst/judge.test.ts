import { describe, expect, it } from '@jest/globals';
import { judge } from '../../../../../lab/demo/burst/judge.ts';
import { burstDemoResult, closingTable } from '../../../../../lab/demo/burst/report.ts';
import { resultOf, type Seen, type Way } from '../../../../../lab/demo/burst/results.ts';
import { endedRecord, SEEN, stamps } from './worlds.ts';

function runs(change: Partial<Record<Way, Partial<Seen>>> = {}) {
  const one = (way: Way) => resultOf({ ...SEEN[way], ...change[way] });
  return { 'at once': one('at once'), random: one('random'), planned: one('planned') };
}

const wrong = (change: Partial<Record<Way, Partial<Seen>>>) =>
  judge(runs(change)).flatMap(({ isSo, promise, evidence }) => (isSo ? [] : [`${promise}: ${evidence}`]));

describe('the burst demo', () => {
  it('measures peaks from the tasks’ own stamps', () => {
    const { 'at once': once, random, planned } = runs();
    expect([once.peak, random.peak, planned.peak]).toEqual([200, 16, 5]);
    expect(planned).toMatchObject({ firstStartSeconds: 10, tasks: 200, twice: 0, taskSeconds: 2 });
    expect(planned.predicted).toEqual({ peak: 3, finishSeconds: 103 });
  });

  it('is content where all is well', () => {
    expect(wrong({})).toEqual([]);
  });

  it.each<[string, Partial<Record<Way, Partial<Seen>>>, string]>([
    [
      'a task was done twice',
      { random: { stamps: [...SEEN.random.stamps, ...SEEN.random.stamps.slice(0, 1)] } },
      'random 200, 1 twice',
    ],
    ['a task was not done', { 'at once': { stamps: SEEN['at once'].stamps.slice(1) } }, 'at once 199'],
    [
      'the plan peaks too high',
      { planned: { stamps: stamps((at) => 10_000 + at * 300) } },
      '7 of 4.30, 1.63 ×',
    ],
    [
      'a planned task starts too soon',
      { planned: { stamps: stamps((at) => 9_900 + at * 455) } },
      '9.9 to 100.4 s',
    ],
    [
      'a burst has not ended',
      { planned: { record: endedRecord({ state: 'Sent' }) } },
      'planned Sent, 200 done',
    ],
    ['there is no record', { 'at once': { record: undefined } }, 'at once no record, 0 done'],
  ])('says so where %s', (_, change, evidence) => {
    expect(wrong(change).join()).toContain(evidence);
  });

  it('says so where totals are not the truth', () => {
    const { totals } = endedRecord();
    const record = endedRecord({ ...(totals && { totals: { ...totals, done: 199, deadLettered: 1 } }) });
    expect(wrong({ planned: { record } })).toHaveLength(1);
  });

  it('prints a table of all ways and what was promised', () => {
    const table = closingTable(burstDemoResult(runs()));
    expect(table).toMatch(/planned by the trigger, in phase +200 +5 +1\.16 ×/);
    expect(table).toContain('so     every task is done, and once');
  });
});
