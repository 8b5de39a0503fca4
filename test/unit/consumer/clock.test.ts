import { describe, expect, it } from '@jest/globals';
import { isPast } from '../../../consumer/clock.ts';

describe('isPast', () => {
  it('is so once so long has passed', () => {
    expect(isPast(1_000, 500, 1_499)).toBe(false);
    expect(isPast(1_000, 500, 1_500)).toBe(true);
    expect(isPast(Number.NEGATIVE_INFINITY, 500, 0)).toBe(true);
  });

  it('is so, too, by a clock that was set back by as much: it would not be again until that has caught up', () => {
    expect(isPast(600_000, 1_000, 1_000)).toBe(true);
    expect(isPast(1_500, 1_000, 1_000)).toBe(false);
  });
});
