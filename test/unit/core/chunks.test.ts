import { expect, it } from '@jest/globals';
import { chunks } from '../../../core/chunks.ts';

it.each([
  [[], 2, []],
  [[1], 2, [[1]]],
  [[1, 2], 2, [[1, 2]]],
  [[1, 2, 3], 2, [[1, 2], [3]]],
])('cuts %j into pieces of %d, in order', (items, size, pieces) => {
  expect(chunks<number>(items, size)).toEqual(pieces);
});
