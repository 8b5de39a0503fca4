import type { Chance } from '../../chance.ts';
import { countsAll, countsNothingElse, ends, endsOnlyWhenOver, neverRunsRepeats } from '../checks/bursts.ts';
import { losesNothing } from '../checks/fates.ts';
import { type Conditions, HEALTHY, ROUGH } from '../conditions.ts';
import { type Scenario, tasks } from '../scenario.ts';
import type { TaskBody } from '../tasks.ts';
import { HOUR_MS, SECOND_MS, type Theme } from '../theme.ts';

/** More than one shard, mostly, and now and then more than one block. */
function sizeOf(chance: Chance): number {
  return chance.happens(0.02) ? chance.whole(2_049, 2_200) : chance.whole(1, 100);
}

function anyTask(chance: Chance): Omit<TaskBody, 'task'> {
  const ms = Math.floor(chance.between(0, 2_000));
  const kind = chance.next();
  if (kind < 0.1) return { ms, throws: 1_000 };
  if (kind < 0.25) return { ms, throws: chance.whole(1, 2) };
  if (kind < 0.3) return { ms, later: { times: chance.whole(1, 3), seconds: chance.whole(0, 20) } };
  if (kind < 0.33) return { ms, ends: 'drop' };
  if (kind < 0.37) return { ms, ends: 'deadLetter' };
  if (kind < 0.39) return { ms: 60_000 };
  return { ms };
}

function anyBurst(conditions: Conditions): Theme['scenario'] {
  return (chance): Omit<Scenario, 'seed'> => {
    const total = sizeOf(chance);
    const bodies = tasks(total, () => (total > 1_000 ? { ms: chance.whole(0, 200) } : anyTask(chance)));
    const repeated = bodies.filter(() => chance.happens(0.2));
    return {
      record: {
        concurrency: chance.whole(2, 10),
        batchSize: chance.happens(0.6) ? 1 : chance.whole(2, 8),
        timeoutSeconds: chance.whole(12, 30),
        maxAttempts: chance.whole(1, 4),
        ...(chance.happens(0.2) && { rateLimit: { tasks: chance.whole(5, 20), perSeconds: 1 } }),
        ...(chance.happens(0.2) && { idempotency: { key: 'task', seconds: 86_400 } }),
      },
      conditions,
      burst: { total },
      arrivals: [
        { atMs: 0, tasks: bodies },
        { atMs: chance.whole(0, 20 * SECOND_MS), tasks: repeated },
      ],
      forMs: 48 * HOUR_MS,
    };
  };
}

/** Every note is made; all else goes wrong. No process stands still for longer than a note may take. */
const NOTED: Conditions = {
  ...ROUGH,
  duplicates: 0.1,
  answersLost: 0.1,
  stallMs: [10, 300],
  trouble: HEALTHY.trouble,
  noteTrouble: { fails: 0, replyLost: 0, doubled: 0.1, hangs: 0, slow: 0 },
};

export const BURST_THEMES = {
  bursts: {
    rule: 'tasks of a burst count once and run once, however often they are sent, and it ends when all are over',
    scenario: anyBurst(NOTED),
    checks: { losesNothing, neverRunsRepeats, countsNothingElse, countsAll, endsOnlyWhenOver, ends },
  },
  'bursts whose notes fail': {
    rule: 'no task is lost for a note, and what is noted is true',
    scenario: anyBurst(ROUGH),
    checks: { losesNothing, countsNothingElse, endsOnlyWhenOver },
  },
} as const satisfies Record<string, Theme>;
