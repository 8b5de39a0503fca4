import { describe, expect, it } from '@jest/globals';
import { duration, median, peakInAnyWindow, percentile, range } from '../../../../lab/bench/statistics.ts';

describe('figures of a benchmark', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[10, 2, 9], 9],
    [[4, 1, 3, 2], 2.5],
  ])('the median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it.each([
    [0.95, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 10],
    [0.95, Array.from({ length: 20 }, (_, at) => at + 1), 19],
    [0.5, [30, 10, 20], 20],
    [1, [1, 5, 2], 5],
  ])('a percentile is a value that was measured: %d of %j', (share, values, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });

  it('no values have neither median nor percentile', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => percentile([], 0.95)).toThrow(RangeError);
  });

  it('finds the fullest window wherever it begins, its end left out', () => {
    expect(peakInAnyWindow([], 1000)).toBe(0);
    expect(peakInAnyWindow([0, 1000, 2000], 1000)).toBe(1);
    expect(peakInAnyWindow([1500, 900, 950, 1899, 1900], 1000)).toBe(4);
  });

  it('says a range only where values differ', () => {
    expect(range([2, 2])).toBe('2');
    expect(range([3, 1, 2])).toBe('1–3');
    expect(range([])).toBe('–');
  });

  it('gives short times in milliseconds and others in seconds', () => {
    expect(duration(12.4)).toBe('12 ms');
    expect(duration(1249)).toBe('1.25 s');
  });
});
