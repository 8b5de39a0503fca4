import { startsPerSecond } from '../../../../core/flow/pace.ts';
import type { Chance } from '../../chance.ts';
import { waitsCheaply } from '../checks/costs.ts';
import { buriesOnlyTheDead } from '../checks/fates.ts';
import { keepsRates, reaches } from '../checks/rates.ts';
import { HEALTHY } from '../conditions.ts';
import { tasks } from '../scenario.ts';
import { HOUR_MS, oneOf, SECOND_MS, type Theme } from '../theme.ts';

/** A limit, the concurrency that the record gives, if any, and how long its tasks take at most. */
interface Load {
  readonly rateLimit: readonly { readonly tasks: number; readonly perSeconds: number }[];
  readonly concurrency?: number;
  readonly ms: number;
  readonly timeoutSeconds?: number;
}

const per = (tasks: number, perSeconds: number) => ({ tasks, perSeconds });

const LEDGER: readonly [Load, ...Load[]] = [
  { rateLimit: [per(10, 1)], ms: 300 },
  { rateLimit: [per(10, 1)], concurrency: 50, ms: 2_000 },
  { rateLimit: [per(10, 1), per(100, 60)], ms: 500 },
  { rateLimit: [per(50, 1)], ms: 500 },
  { rateLimit: [per(7, 10)], ms: 1_000 },
  { rateLimit: [per(1, 1)], ms: 400 },
  { rateLimit: [per(2, 1), per(5, 10)], concurrency: 3, ms: 400 },
];

const SLOTS: readonly [Load, ...Load[]] = [
  { rateLimit: [per(10, 1)], concurrency: 10, ms: 500 },
  { rateLimit: [per(20, 2)], concurrency: 10, ms: 900 },
  { rateLimit: [per(50, 1)], concurrency: 50, ms: 200 },
  { rateLimit: [per(12, 6)], concurrency: 4, ms: 1_000 },
];

const SELDOM: readonly [Load, ...Load[]] = [
  { rateLimit: [per(1, 60)], ms: 2_000 },
  { rateLimit: [per(5, 3600)], ms: 2_000 },
  { rateLimit: [per(1, 20)], ms: 1_000 },
  { rateLimit: [per(30, 3600), per(2, 60)], ms: 1_000 },
];

/** Of calls that have little time to wait in: so many seconds. */
const TIMEOUTS: readonly [number, ...number[]] = [1, 1, 2, 2, 3, 5, 30];
const ANY_RATE: readonly [Load['rateLimit'], ...Load['rateLimit'][]] = [
  [per(1, 1)],
  [per(3, 1)],
  [per(10, 1)],
  [per(50, 1)],
  [per(7, 10)],
  [per(10, 1), per(100, 60)],
  [per(1, 60)],
];
/** Tasks take at most so much of it, … */
const TASK_SHARE = 0.6;
/** … and no longer than the slots that follow from a rate have time for. */
const LONGEST_TASK_MS = 600;

/** A queue that is full for as long as the limit takes for so many tasks. */
function fullQueue(loads: readonly [Load, ...Load[]], count: number): Theme['scenario'] {
  return (chance) => fullOf(chance, oneOf(chance, loads), count);
}

function fullOf(
  chance: Chance,
  { rateLimit, concurrency, ms, timeoutSeconds }: Load,
  count: number,
): ReturnType<Theme['scenario']> {
  const number = Math.max(count, Math.ceil(60 * startsPerSecond(rateLimit)));
  return {
    record: {
      rateLimit,
      ...(concurrency !== undefined && { concurrency }),
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    },
    conditions: HEALTHY,
    arrivals: [{ atMs: 0, tasks: tasks(number, () => ({ ms: Math.floor(chance.between(ms / 3, ms)) })) }],
    forMs: (2_000 * number) / startsPerSecond(rateLimit) + 24 * HOUR_MS,
  };
}

/** Pollers are few at first: AWS adds five a second. */
const WARM_UP_MS = 10 * SECOND_MS;
const LEAST_SHARE = 0.97;

const checks = { keepsRates, buriesOnlyTheDead, reaches: reaches(LEAST_SHARE, WARM_UP_MS) };

export const THROUGHPUT_THEMES = {
  'a full queue by the ledger': {
    rule: 'with a full queue at least 0.97 of the limit is started',
    scenario: fullQueue(LEDGER, 600),
    checks,
  },
  'a full queue by slots': {
    rule: 'with a full queue at least 0.97 of the limit is started',
    scenario: fullQueue(SLOTS, 300),
    checks,
  },
  'a full queue of seldom tasks': {
    rule: 'also of a limit below one a second 0.97 is started, and no Lambda sleeps for it',
    scenario: fullQueue(SELDOM, 500),
    checks: {
      keepsRates,
      buriesOnlyTheDead,
      reaches: reaches(LEAST_SHARE, 0),
      waitsCheaply: waitsCheaply({ idleSeconds: 3.5, receives: 3 }),
    },
  },
  'a full queue and little time': {
    rule: 'however short calls are, 0.97 of the limit is started, and few more receives are needed',
    scenario: (chance) => {
      const timeoutSeconds = oneOf(chance, TIMEOUTS);
      const ms = Math.min(LONGEST_TASK_MS, chance.between(0.1, TASK_SHARE) * timeoutSeconds * SECOND_MS);
      const concurrency = chance.happens(0.3) ? chance.whole(60, 100) : undefined;
      const rateLimit = oneOf(chance, ANY_RATE);
      return fullOf(
        chance,
        { rateLimit, ms, timeoutSeconds, ...(concurrency !== undefined && { concurrency }) },
        600,
      );
    },
    checks: { ...checks, waitsCheaply: waitsCheaply({ idleSeconds: 3.5, receives: 6.5 }) },
  },
  'a backlog': {
    rule: 'a task of a long queue waits in the queue, not in a slot',
    scenario: (chance) => ({
      record: { rateLimit: per(1, 1), ...(chance.happens(0.5) && { concurrency: chance.whole(2, 10) }) },
      conditions: HEALTHY,
      arrivals: [{ atMs: 0, tasks: tasks(2_000, () => ({ ms: 200 })) }],
      forMs: 3 * HOUR_MS,
    }),
    checks: { ...checks, waitsCheaply: waitsCheaply({ idleSeconds: 3.5, receives: 3 }) },
  },
} as const satisfies Record<string, Theme>;
