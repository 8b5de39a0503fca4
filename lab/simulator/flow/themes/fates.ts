import type { Chance } from '../../chance.ts';
import { buriesOnlyTheDead, countsAttempts, givesAllAttempts, losesNothing } from '../checks/fates.ts';
import { doesKeysOnce } from '../checks/once.ts';
import { type Conditions, HEALTHY, ROUGH } from '../conditions.ts';
import { tasks } from '../scenario.ts';
import type { TaskBody } from '../tasks.ts';
import { HOUR_MS, type Theme } from '../theme.ts';

const ALWAYS = 1_000;

function anyFate(chance: Chance): Omit<TaskBody, 'task'> {
  const ms = Math.floor(chance.between(0, 2_000));
  const kind = chance.next();
  if (kind < 0.15) return { ms, throws: ALWAYS };
  if (kind < 0.3) return { ms, throws: chance.whole(1, 3) };
  if (kind < 0.4) return { ms, later: { times: chance.whole(1, 12), seconds: chance.whole(0, 40) } };
  if (kind < 0.45) return { ms, ends: 'drop' };
  if (kind < 0.5) return { ms, ends: 'deadLetter' };
  return { ms };
}

function anyFates(conditions: Conditions): Theme['scenario'] {
  return (chance) => ({
    record: {
      concurrency: chance.whole(2, 10),
      batchSize: chance.happens(0.5) ? 1 : chance.whole(2, 10),
      maxAttempts: chance.whole(1, 6),
      ...(chance.happens(0.5) && { maxReceiveCount: chance.whole(10, 20) }),
      ...(chance.happens(0.3) && {
        rateLimit: { tasks: chance.whole(1, 20), perSeconds: chance.whole(1, 5) },
      }),
    },
    conditions,
    arrivals: [{ atMs: 0, tasks: tasks(chance.whole(20, 100), () => anyFate(chance)) }],
    forMs: 200 * HOUR_MS,
  });
}

/** Attempts can be counted, messages come once, calls end: only then are numbers exact. */
const COUNTABLE: Conditions = {
  ...ROUGH,
  duplicates: 0,
  answersLost: 0,
  trouble: { ...ROUGH.trouble, replyLost: 0, hangs: 0, fails: 0 },
  queueTrouble: HEALTHY.queueTrouble,
};

/** Who has done a task can say so: no process dies after it and before, and no call is in vain. */
const ONCE: Conditions = {
  ...ROUGH,
  kills: 0,
  duplicates: 0.2,
  answersLost: 0.2,
  stallMs: [10, 300],
  trouble: { fails: 0, replyLost: 0.02, doubled: 0.02, hangs: 0, slow: 0.03 },
};

export const FATE_THEMES = {
  fates: {
    rule: 'no task is lost, and none is a dead letter that need not be',
    scenario: anyFates(ROUGH),
    checks: { losesNothing },
  },
  attempts: {
    rule: 'a task has all its attempts and no more, and what was given back is none',
    scenario: anyFates(COUNTABLE),
    checks: { losesNothing, countsAttempts, givesAllAttempts, buriesOnlyTheDead },
  },
  'done once': {
    rule: 'tasks of one key are done once, however often they come',
    scenario: (chance) => {
      const keys = chance.whole(5, 30);
      return {
        record: {
          concurrency: chance.whole(2, 10),
          batchSize: chance.happens(0.7) ? 1 : chance.whole(2, 5),
          maxAttempts: 10,
          idempotency: { key: 'key', seconds: 86_400 },
        },
        conditions: ONCE,
        arrivals: [
          {
            atMs: 0,
            tasks: tasks(chance.whole(20, 100), () => ({
              ms: Math.floor(chance.between(0, 2_000)),
              key: `k${chance.whole(1, keys)}`,
              ...(chance.happens(0.1) && { throws: 1 }),
            })),
          },
        ],
        forMs: 12 * HOUR_MS,
      };
    },
    checks: { doesKeysOnce, losesNothing },
  },
} as const satisfies Record<string, Theme>;
