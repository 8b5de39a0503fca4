import { describe, expect, it } from '@jest/globals';
import { DeadLetter, Drop, RetryLater } from '../../../consumer/index.ts';
import { outcomeOfThrown } from '../../../consumer/thrown.ts';

describe('what a handler throws', () => {
  it('is known by its class', () => {
    const cause = new Error('404');
    const gaveUp = new DeadLetter('no such page', { cause });
    expect(outcomeOfThrown(new Drop('gone'), 0)).toEqual({ kind: 'dropped', reason: 'gone' });
    expect(outcomeOfThrown(gaveUp, 0)).toEqual({ kind: 'gaveUp', reason: 'no such page', error: gaveUp });
    expect(outcomeOfThrown(new RetryLater({ seconds: 60 }), 0)).toEqual({ kind: 'postponed', seconds: 60 });
    expect(gaveUp).toMatchObject({ name: 'DeadLetter', cause });
  });

  it('is known by its code where it comes from another copy of the package', () => {
    const seconds = 5;
    const copies = [
      Object.assign(new Error('gone'), { code: 'SluiceDrop' }),
      { code: 'SluiceDeadLetter', message: 'no such page' },
      { code: 'SluiceRetryLater', seconds },
      { code: 'SluiceDrop', message: { toString: null } },
    ];
    expect(copies.map((copy) => outcomeOfThrown(copy, 0))).toMatchObject([
      { kind: 'dropped', reason: 'gone' },
      { kind: 'gaveUp', reason: 'no such page' },
      { kind: 'postponed', seconds },
      { kind: 'dropped', reason: '' },
    ]);
  });

  it('is an error like any other where it is nothing of these, however odd', () => {
    const odd = [
      undefined,
      null,
      'SluiceDrop',
      new Error('SluiceDrop'),
      { code: 'Drop' },
      { code: 'SluiceRetryLater' },
      { code: 'SluiceRetryLater', seconds: -1 },
      { code: 'SluiceRetryLater', seconds: Number.NaN },
      Object.defineProperty({}, 'code', {
        get() {
          throw new Error('no');
        },
      }),
    ];
    for (const error of odd) expect(outcomeOfThrown(error, 0)).toEqual({ kind: 'threw', error });
  });

  it.each([-1, Number.NaN, '5' as never, undefined as never])('RetryLater refuses %p seconds', (seconds) => {
    expect(() => new RetryLater({ seconds })).toThrow('seconds must be 0 or more, got');
  });
});
