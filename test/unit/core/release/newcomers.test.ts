import { describe, expect, it } from '@jest/globals';
import { wavesWithNewcomers } from '../../../../core/release/newcomers.ts';
import { singleWave } from '../../../../core/release/plan.ts';
import { NO_COUNTS } from '../../../../core/release/record.ts';

describe('the waves that people see', () => {
  const two = [...singleWave(3), ...singleWave(4)];
  it.each([
    ['are as planned while fewer have moved', 6, [3, 4]],
    ['are as planned where all have', 7, [3, 4]],
    ['have who came later in the last', 9, [3, 6]],
  ])('%s', (_, moved, sizes) => {
    const waves = wavesWithNewcomers({ waves: two, counts: { ...NO_COUNTS, moved } });
    expect(waves.map(({ pipelines }) => pipelines)).toEqual(sizes);
  });

  it('are none before there is a plan', () => {
    expect(wavesWithNewcomers({ waves: [], counts: { ...NO_COUNTS, moved: 2 } })).toEqual([]);
  });
});
