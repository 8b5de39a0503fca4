import { describe, expect, it } from '@jest/globals';
import { BUGS } from '../../lab/simulator/bugs.ts';
import { PROMISES } from '../../lab/simulator/promises.ts';
import { storyOf } from '../../lab/simulator/replay.ts';
import { runStory } from '../../lab/simulator/run-story.ts';

/** Stories that may be told before a bug must have been caught. The true code keeps its promises in all. */
const SEEDS = 2_000;

describe('the promises bite', () => {
  it.each(Object.entries(BUGS).map(([name, bug]) => ({ name, ...bug })))(
    '$name is caught as breaking “$breaks”: $what',
    async ({ patch, breaks, theme, foundBySeed }) => {
      const others = new Set<string>();
      const inTurn = Array.from({ length: SEEDS }, (_, at) => at + 1);
      for (const seed of new Set([...(foundBySeed ? [foundBySeed] : []), ...inTurn])) {
        const { violations } = await runStory(storyOf(seed, theme), { patch });
        if (violations.some(({ promise }) => promise === breaks)) return;
        for (const { promise } of violations) others.add(promise);
      }
      expect([...others, `not caught in ${SEEDS} stories`]).toContain(breaks);
    },
    240_000,
  );

  it('each at a bug of its own', () => {
    const broken = new Set<string>(Object.values(BUGS).map(({ breaks }) => breaks));
    expect(Object.keys(PROMISES).filter((name) => !broken.has(name))).toEqual([]);
  });
});
