import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NOTHING_COUNTED } from '../../../../core/burst/counts.ts';
import { NOTHING_SENT } from '../../../../core/burst/record.ts';
import { tasksLeft, totalsOf } from '../../../../core/burst/totals.ts';
import { burst } from './bursts.ts';

const counts = { ...NOTHING_COUNTED, done: 60, dead: 5, refused: 2, failed: 3, running: 4, started: 72 };

describe('totalsOf', () => {
  it('has all sent that were not refused, once the sender is through', () => {
    expect(totalsOf(burst(), NOTHING_SENT, counts)).toEqual({
      total: 100,
      sent: 98,
      refused: 2,
      started: 72,
      running: 4,
      done: 60,
      failed: 3,
      deadLettered: 5,
      unaccounted: 0,
    });
  });

  it('has as many sent before as the sender has noted, and no fewer than have begun', () => {
    const sending = burst({ state: 'Sending' });
    expect(totalsOf(sending, { ...NOTHING_SENT, accepted: 80 }, counts).sent).toBe(80);
    expect(totalsOf(sending, { ...NOTHING_SENT, accepted: 10 }, counts).sent).toBe(72);
  });

  it('has nothing run or wait once the burst has ended: what is not over is unaccounted for', () => {
    expect(totalsOf(burst({ state: 'Ended' }), NOTHING_SENT, counts)).toMatchObject({
      running: 0,
      failed: 0,
      unaccounted: 33,
    });
  });

  it('knows of a burst that nobody counts only what was sent', () => {
    const ended = burst({ state: 'Ended', isCounted: false });
    expect(totalsOf(ended, { ...NOTHING_SENT, refused: 7 }, NOTHING_COUNTED)).toMatchObject({
      sent: 93,
      refused: 7,
      unaccounted: 93,
    });
  });

  it('adds up to the total once the burst has ended, whatever was noted', () => {
    const task = fc.constantFrom('done', 'dead', 'refused', 'none');
    fc.assert(
      fc.property(fc.array(task, { maxLength: 100 }), (tasks) => {
        const of = (kind: string) => tasks.filter((one) => one === kind).length;
        const counted = { ...NOTHING_COUNTED, done: of('done'), dead: of('dead'), refused: of('refused') };
        const totals = totalsOf(burst({ state: 'Ended', total: tasks.length }), NOTHING_SENT, counted);
        const { done, deadLettered, refused, unaccounted } = totals;
        expect(done + deadLettered + refused + unaccounted).toBe(tasks.length);
        expect(tasksLeft(totals)).toBe(0);
      }),
    );
  });
});

it('a task is left until it is done, a dead letter or refused', () => {
  expect(tasksLeft(totalsOf(burst(), NOTHING_SENT, counts))).toBe(33);
});
