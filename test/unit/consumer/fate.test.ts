import { describe, expect, it } from '@jest/globals';
import { fateOf } from '../../../consumer/fate.ts';

describe('fateOf', () => {
  it('ends a task that returned', () => {
    expect(fateOf({ kind: 'returned' })).toBe('done');
  });

  it('leaves a task that threw, or cannot be read, for another receive', () => {
    expect(fateOf({ kind: 'threw', error: new Error('no') })).toBe('retry');
    expect(fateOf({ kind: 'unreadable', error: new Error('no') })).toBe('retry');
  });

  it('gives back a task that was not started', () => {
    expect(fateOf({ kind: 'notStarted' })).toBe('giveBack');
  });
});
