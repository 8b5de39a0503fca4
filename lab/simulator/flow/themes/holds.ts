import type { Chance } from '../../chance.ts';
import { buriesOnlyTheDead, losesNothing } from '../checks/fates.ts';
import {
  burnsNoAttempt,
  goesOn,
  goodputOf,
  heedsItsOwnRefusal,
  refusalShare,
  refusalsPerHold,
  startsNobodyWhileHeld,
  wasHeld,
} from '../checks/holds.ts';
import { keepsRates } from '../checks/rates.ts';
import { CLEAR, type Conditions, KNOWN_AFTER_MS, ROUGH } from '../conditions.ts';
import type { ApiPlan } from '../downstream.ts';
import type { Scenario } from '../scenario.ts';
import { tasks } from '../scenario.ts';
import { HOUR_MS, MINUTE_MS, oneOf, SECOND_MS, type Theme } from '../theme.ts';

const LIMITS: readonly [object, ...object[]] = [
  { rateLimit: { tasks: 10, perSeconds: 1 } },
  { rateLimit: { tasks: 10, perSeconds: 1 }, concurrency: 10 },
  { rateLimit: { tasks: 5, perSeconds: 1 }, concurrency: 4 },
  { concurrency: 4 },
];

function work(chance: Chance, count: number) {
  return [
    {
      atMs: 0,
      tasks: tasks(count, () => ({ ms: Math.floor(chance.between(50, 300)), asks: true as const })),
    },
  ];
}

/** Sound, then less than the group would take or nothing at all, then sound again. */
function troubledApi(chance: Chance, retryAfter: ApiPlan['retryAfter']): ApiPlan {
  const fromMs = Math.floor(chance.between(3, 10)) * SECOND_MS;
  const forMs = Math.floor(chance.between(10, 60)) * SECOND_MS;
  return {
    phases: [
      { fromMs: 0, perSecond: 1_000 },
      { fromMs, perSecond: oneOf(chance, [0, 1, 4]) },
      { fromMs: fromMs + forMs, perSecond: 1_000 },
    ],
    burst: 5,
    retryAfter,
  };
}

function troubled(conditions: Conditions): (chance: Chance) => Omit<Scenario, 'seed'> {
  return (chance) => ({
    record: { ...oneOf(chance, LIMITS), maxAttempts: 5 },
    conditions,
    arrivals: work(chance, 400),
    api: troubledApi(chance, oneOf<ApiPlan['retryAfter']>(chance, ['exact', 'none', 5, 30])),
    forMs: 4 * HOUR_MS,
  });
}

const STARTS_AFTER = 40;
/** Who sleeps in a slot does not look meanwhile. */
const SLOT_SLEEP_MS = 20 * SECOND_MS;

/** An API that asks to be left alone for an hour; a person knows better, now and then within seconds. */
function endedByHand(chance: Chance): Omit<Scenario, 'seed'> {
  const [count, perSeconds] = oneOf<[number, number]>(chance, [
    [10, 1],
    [5, 1],
    [6, 60],
  ]);
  const startMs = (perSeconds * 1000) / count;
  const fromMs = Math.floor(chance.between(3, 10)) * SECOND_MS;
  const forMs = Math.max(5 * SECOND_MS, 2 * startMs);
  const endsHoldsAfterMs = oneOf(chance, [1, 2, 60]) * SECOND_MS;
  const work = (first: number) => tasks(3 * STARTS_AFTER, () => ({ ms: 100, asks: true as const }), first);
  return {
    record: { rateLimit: { tasks: count, perSeconds }, concurrency: oneOf(chance, [2, 7]) },
    conditions: CLEAR,
    arrivals: [
      { atMs: 0, tasks: work(0) },
      {
        atMs: fromMs + forMs + 2 * endsHoldsAfterMs + SLOT_SLEEP_MS + 10 * SECOND_MS,
        tasks: work(3 * STARTS_AFTER),
      },
    ],
    api: {
      phases: [
        { fromMs: 0, perSecond: 1_000 },
        { fromMs, perSecond: 0 },
        { fromMs: fromMs + forMs, perSecond: 1_000 },
      ],
      burst: 5,
      retryAfter: 3_600,
    },
    endsHoldsAfterMs,
    forMs: 4 * HOUR_MS,
  };
}

/** What the API allows all the time, less than the limit; it keeps two seconds’ worth. */
const ALLOWED_PER_SECOND = 5;

export const HOLD_THEMES = {
  'refused by the other side': {
    rule: 'nobody starts once an environment can know of a hold, and no attempt is burned',
    scenario: troubled(CLEAR),
    checks: {
      startsNobodyWhileHeld: startsNobodyWhileHeld(KNOWN_AFTER_MS),
      heedsItsOwnRefusal,
      refusalsPerHold: refusalsPerHold(2),
      burnsNoAttempt,
      buriesOnlyTheDead,
      losesNothing,
      keepsRates,
      wasHeld,
    },
  },
  'refused while all goes wrong': {
    rule: 'nothing is lost or dead for a refusal, whatever else goes wrong',
    scenario: troubled(ROUGH),
    checks: { losesNothing, keepsRates },
  },
  'refused for a day': {
    rule: 'nothing is a dead letter for refusals, however long they last',
    scenario: (chance) => ({
      record: { concurrency: 2, maxAttempts: 5, maxReceiveCount: 50 },
      conditions: CLEAR,
      arrivals: work(chance, 1),
      api: {
        phases: [
          { fromMs: 0, perSecond: 0 },
          { fromMs: 24 * HOUR_MS, perSecond: 100 },
        ],
        burst: 5,
        retryAfter: oneOf<ApiPlan['retryAfter']>(chance, ['none', 60, 5, 600, 7_200]),
      },
      forMs: 50 * HOUR_MS,
    }),
    checks: { losesNothing, buriesOnlyTheDead, burnsNoAttempt, wasHeld, heedsItsOwnRefusal },
  },
  'holds ended by hand': {
    rule: 'where a person ends holds all goes on at once, at the limit and not above it',
    scenario: endedByHand,
    checks: { goesOn: goesOn(0.8, STARTS_AFTER), keepsRates, losesNothing, burnsNoAttempt },
  },
  'an API that allows less': {
    rule: 'at least 0.7 of what the API allows is done',
    scenario: (chance) => ({
      record: { rateLimit: { tasks: 10, perSeconds: 1 }, ...(chance.happens(0.5) && { concurrency: 10 }) },
      conditions: CLEAR,
      arrivals: work(chance, 1_000),
      api: {
        phases: [{ fromMs: 0, perSecond: ALLOWED_PER_SECOND }],
        burst: 2 * ALLOWED_PER_SECOND,
        retryAfter: oneOf<ApiPlan['retryAfter']>(chance, ['exact', 'none', 1, 2]),
      },
      forMs: 4 * HOUR_MS,
    }),
    checks: {
      goodput: goodputOf(0.7, () => ALLOWED_PER_SECOND),
      refusalsPerHold: refusalsPerHold(2),
      losesNothing,
      burnsNoAttempt,
    },
  },
  'an API that allows the limit': {
    rule: 'at least 0.95 of the limit is done, and one in a hundred is refused at most',
    scenario: (chance) => ({
      record: { rateLimit: { tasks: 10, perSeconds: 1 }, ...(chance.happens(0.5) && { concurrency: 10 }) },
      conditions: CLEAR,
      arrivals: work(chance, 1_500),
      api: { phases: [{ fromMs: 0, perSecond: 10 }], burst: 10, retryAfter: 'exact' },
      forMs: 20 * MINUTE_MS,
    }),
    checks: { goodput: goodputOf(0.95, () => 10), refusalShare: refusalShare(0.01), losesNothing },
  },
} as const satisfies Record<string, Theme>;
