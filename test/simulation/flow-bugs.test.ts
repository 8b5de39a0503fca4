import { describe, expect, it } from '@jest/globals';
import { BUGS } from '../../lab/simulator/flow/bugs.ts';
import { trySeed } from '../../lab/simulator/flow/replay.ts';
import { THEMES } from '../../lab/simulator/flow/themes.ts';

/** Scenarios that may be played before a bug must have been caught. The true code does well in all. */
const SEEDS = 40;

describe('the checks of the flow of work bite', () => {
  it.each(Object.entries(BUGS).map(([name, bug]) => ({ name, ...bug })))(
    '$name is caught by $checks in “$theme”: $what',
    async ({ patch, theme, checks }) => {
      const reported = new Set<string>();
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const { wrong } = await trySeed(theme, seed, patch);
        for (const { check } of wrong) reported.add(check);
        if (checks.every((check) => reported.has(check))) return;
      }
      expect([...reported, `not caught in ${SEEDS} scenarios`]).toEqual(expect.arrayContaining([...checks]));
    },
    300_000,
  );

  it('each at a bug of its own', () => {
    const caught = new Set(Object.values(BUGS).flatMap(({ checks }) => checks));
    const all = new Set(Object.values(THEMES).flatMap((theme) => Object.keys(theme.checks)));
    expect([...all].filter((name) => !caught.has(name)).sort()).toEqual([]);
  });
});
