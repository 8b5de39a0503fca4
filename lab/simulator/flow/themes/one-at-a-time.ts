import { buriesOnlyTheDead, countsAttempts, losesNothing } from '../checks/fates.ts';
import { burnsNoAttempt } from '../checks/holds.ts';
import { runsAtMost } from '../checks/once.ts';
import { type Conditions, HEALTHY, ROUGH } from '../conditions.ts';
import { tasks } from '../scenario.ts';
import { HOUR_MS, oneOf, type Theme } from '../theme.ts';

function oneByOne(lease: boolean, conditions: Conditions): Theme['scenario'] {
  return (chance) => {
    const timeoutSeconds = oneOf(chance, [10, 30, 120]);
    const batchSize = chance.happens(0.7) ? 1 : chance.whole(2, 5);
    return {
      record: { concurrency: 1, timeoutSeconds, batchSize, maxAttempts: 10 },
      lease,
      conditions,
      arrivals: [
        {
          atMs: 0,
          tasks: tasks(chance.whole(20, 80), () => ({
            ms: Math.floor(chance.between(5, timeoutSeconds * 100)),
          })),
        },
      ],
      forMs: 12 * HOUR_MS,
    };
  };
}

const checks = { runsAtMost: runsAtMost(1), losesNothing, buriesOnlyTheDead };

export const ONE_THEMES = {
  'one at a time by lease': {
    rule: 'never do two tasks run at once, and a dead holder is outlived',
    scenario: oneByOne(true, ROUGH),
    checks,
  },
  'one at a time by reservation': {
    rule: 'never do two tasks run at once, and a dead holder is outlived',
    scenario: oneByOne(false, ROUGH),
    checks,
  },
  'one at a time on a good day': {
    rule: 'waiting for the one that runs burns no attempt',
    scenario: (chance) => oneByOne(chance.happens(0.5), { ...HEALTHY, duplicates: 0 })(chance),
    checks: { ...checks, countsAttempts, burnsNoAttempt },
  },
} as const satisfies Record<string, Theme>;
