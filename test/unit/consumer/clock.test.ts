import { expect, it } from '@jest/globals';
import { isPast } from '../../../consumer/clock.ts';

it.each([
  ['not yet', 1_999, false],
  ['just now', 2_000, true],
  ['long ago', 90_000, true],
  ['by a clock that was set back a little, not yet', 500, false],
  ['by a clock that was set back far, all the same', -9_000, true],
])('a second has passed since a moment: %s', (_, nowMs, is) => {
  expect(isPast(1_000, 1_000, nowMs)).toBe(is);
  expect(isPast(Number.NEGATIVE_INFINITY, 1_000, nowMs)).toBe(true);
});
