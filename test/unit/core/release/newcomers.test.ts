import { describe, expect, it } from '@jest/globals';
import { wavesWithNewcomers } from '../../../../core/release/newcomers.ts';
import { singleWave } from '../../../../core/release/plan.ts';
import { NO_COUNTS } from '../../../../core/release/record.ts';

describe('the waves that people see', () => {
  const two = [...singleWave(3), ...singleWave(4)];
  it.each([
    ['are as planned while fewer have moved', { moved: 6 }, [3, 4]],
    ['are as planned where all have', { moved: 7 }, [3, 4]],
    ['have who came later in the last', { moved: 9 }, [3, 6]],
    [
      'have them also while they are on their way, or stand still',
      { moved: 5, moving: 3, failed: 1 },
      [3, 6],
    ],
    ['do not have those who stay where they are', { moved: 7, pinned: 2 }, [3, 4]],
  ])('%s', (_, counts, sizes) => {
    const waves = wavesWithNewcomers({ waves: two, counts: { ...NO_COUNTS, ...counts } });
    expect(waves.map(({ pipelines }) => pipelines)).toEqual(sizes);
  });

  it('are none before there is a plan', () => {
    expect(wavesWithNewcomers({ waves: [], counts: { ...NO_COUNTS, moved: 2 } })).toEqual([]);
  });
});
