import { describe, expect, it } from '@jest/globals';
import { roundPrediction, roundSeconds } from '../../../../core/spread/rounding.ts';

describe('seconds that people are told', () => {
  it.each([
    [4.5e-43, 0],
    [0.000_4, 0],
    [0.001_6, 0.002],
    [102.123_456_789, 102.123],
    [0.1 + 0.2, 0.3],
    [86_400, 86_400],
  ])('of %d are %d', (seconds, told) => {
    expect(roundSeconds(seconds)).toBe(told);
  });

  it('of a prediction are all rounded, and nothing else of it is', () => {
    expect(
      roundPrediction({
        peakConcurrency: 34,
        finishSeconds: 103.954_512_345_678_9,
        finishRange: { fromSeconds: 91.000_000_000_1, toSeconds: 129.999_9 },
        waitSeconds: 4.5e-43,
      }),
    ).toEqual({
      peakConcurrency: 34,
      finishSeconds: 103.955,
      finishRange: { fromSeconds: 91, toSeconds: 130 },
      waitSeconds: 0,
    });
  });
});
