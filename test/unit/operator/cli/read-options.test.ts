import { describe, expect, it } from '@jest/globals';
import { integer, seconds, window } from '../../../../operator/cli/read-options.ts';
import { spreadOf } from '../../../../operator/cli/spread-options.ts';

describe('an option', () => {
  it.each([
    ['20', 20],
    ['10,000', 10_000],
    ['1_000', 1_000],
  ])('of a count reads %s', (text, value) => expect(integer(1)(text)).toBe(value));

  it.each(['0', '-1', '1.5', 'ten', '', '1e3'])(
    'of a count refuses "%s", and says what is allowed',
    (text) => {
      expect(() => integer(1)(text)).toThrow('a whole number of 1 or more');
    },
  );

  it.each([
    ['90', 90],
    ['90s', 90],
    ['10m', 600],
    ['1.5h', 5_400],
    ['2d', 172_800],
  ])('of a time span reads %s', (text, value) => expect(seconds(text)).toBe(value));

  it.each(['', 'm', '10 minutes', '0', '-1m'])('of a time span refuses "%s"', (text) => {
    expect(() => seconds(text)).toThrow('for example');
  });

  it('of a window reads from and to, the smaller first', () => {
    expect(window('10..100')).toEqual({ minSeconds: 10, maxSeconds: 100 });
    for (const text of ['100..10', '10', '10-100', '..5']) expect(() => window(text)).toThrow('10..100');
  });
});

describe('how a burst is spread', () => {
  it('is one way or none', () => {
    expect(spreadOf({})).toBeUndefined();
    expect(spreadOf({ spread: { minSeconds: 1, maxSeconds: 2 } })).toEqual({ minSeconds: 1, maxSeconds: 2 });
    expect(spreadOf({ maxConcurrency: 3 })).toEqual({ maxConcurrency: 3 });
    expect(spreadOf({ finishWithin: 0.5 })).toEqual({ finishWithinSeconds: 1 });
    expect(() => spreadOf({ maxConcurrency: 3, finishWithin: 60 })).toThrow('one of --spread');
  });
});
