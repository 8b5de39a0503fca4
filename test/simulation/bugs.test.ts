import { describe, expect, it } from '@jest/globals';
import { BUGS } from '../../lab/simulator/bugs.ts';
import { storyOf } from '../../lab/simulator/replay.ts';
import { runStory } from '../../lab/simulator/run-story.ts';

/** Stories that may be told before a bug must have been caught. The true code keeps its promises in all. */
const SEEDS = 1_000;

describe('the promises bite', () => {
  it.each(Object.entries(BUGS).map(([name, { what, patch }]) => ({ name, what, patch })))(
    '$name is caught: $what',
    async ({ patch }) => {
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const { violations } = await runStory(storyOf(seed), { patch });
        if (violations.length > 0) return;
      }
      expect(`not caught in ${SEEDS} stories`).toBe('caught');
    },
    120_000,
  );
});
