import type { Chance } from '../../chance.ts';
import {
  answersInTime,
  countsAll,
  countsNothingElse,
  ends,
  endsOnlyWhenOver,
  neverRunsRepeats,
} from '../checks/bursts.ts';
import { losesNothing } from '../checks/fates.ts';
import { type Conditions, HEALTHY, ROUGH } from '../conditions.ts';
import { type NotesFail, type Scenario, tasks } from '../scenario.ts';
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

/** Late enough that every process tells again: a rest, and what a call may have begun before. */
const AFTERWARDS_MS = 45 * SECOND_MS;

/** The table does not answer for a while; later tasks keep every process of the pipeline busy once more. */
function notedLater(how: NotesFail['how']): Theme['scenario'] {
  return (chance) => {
    const early = chance.whole(20, 100);
    const concurrency = chance.whole(2, 5);
    const batchSize = chance.happens(0.6) ? 1 : chance.whole(2, 4);
    const late = 3 * concurrency * batchSize;
    const fromMs = chance.happens(0.3) ? 0 : chance.whole(0, 20 * SECOND_MS);
    const untilMs = fromMs + chance.whole(5 * SECOND_MS, 60 * SECOND_MS);
    return {
      record: {
        concurrency,
        batchSize,
        timeoutSeconds: chance.whole(12, 60),
        maxAttempts: chance.whole(1, 4),
      },
      conditions: SOUND,
      burst: { total: early + late },
      notesFail: { how, fromMs, untilMs },
      arrivals: [
        { atMs: 0, tasks: tasks(early, () => anyTask(chance)) },
        { atMs: untilMs + AFTERWARDS_MS, tasks: tasks(late, () => ({ ms: 2_000 }), early) },
      ],
      forMs: 48 * HOUR_MS,
    };
  };
}

/** An ordinary day, on which no process goes. */
const SOUND: Conditions = { ...HEALTHY, duplicates: 0.01, recycles: 0 };

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
  'bursts whose table is away for a while': {
    rule: 'every task that is over is counted once the table answers again, and the burst ends',
    scenario: notedLater('silent'),
    checks: { losesNothing, countsNothingElse, countsAll, endsOnlyWhenOver, ends, answersInTime },
  },
  'bursts whose table is slow for a while': {
    rule: 'every task that is over is counted however slow the table was, and the burst ends',
    scenario: notedLater('slow'),
    checks: { losesNothing, countsNothingElse, countsAll, endsOnlyWhenOver, ends, answersInTime },
  },
} as const satisfies Record<string, Theme>;
