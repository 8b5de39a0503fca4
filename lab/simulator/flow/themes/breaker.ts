import type { Chance } from '../../chance.ts';
import {
  failsOnlyProbes,
  neverOpens,
  opensProbesAndCloses,
  recovers,
  startsNothing,
  startsOnlyProbes,
} from '../checks/breaker.ts';
import { buriesOnlyTheDead, losesNothing } from '../checks/fates.ts';
import { keepsRates } from '../checks/rates.ts';
import { CLEAR, type Conditions, KNOWN_AFTER_MS, ROUGH } from '../conditions.ts';
import { tasks } from '../scenario.ts';
import { HOUR_MS, MINUTE_MS, oneOf, SECOND_MS, type Theme } from '../theme.ts';

const LIMITS: readonly [object, ...object[]] = [
  { rateLimit: { tasks: 10, perSeconds: 1 } },
  { rateLimit: { tasks: 10, perSeconds: 1 }, concurrency: 10 },
  { concurrency: 4 },
];

function outage(conditions: Conditions, force?: 'closed'): Theme['scenario'] {
  return (chance: Chance) => {
    const fromMs = Math.floor(chance.between(10, 40)) * SECOND_MS;
    return {
      record: {
        ...oneOf(chance, LIMITS),
        maxAttempts: 30,
        breaker: { openSeconds: oneOf(chance, [5, 30]), ...(force && { force }) },
      },
      conditions,
      arrivals: [
        { atMs: 0, tasks: tasks(1_200, () => ({ ms: Math.floor(chance.between(50, 400)), asks: true })) },
      ],
      api: {
        phases: [
          { fromMs: 0, perSecond: 1_000, failures: 0.01 },
          { fromMs, perSecond: 1_000, failures: oneOf(chance, [1, 0.9]) },
          {
            fromMs: fromMs + Math.floor(chance.between(60, 600)) * SECOND_MS,
            perSecond: 1_000,
            failures: 0.01,
          },
        ],
        burst: 1_000,
        retryAfter: 'none',
      },
      forMs: 12 * HOUR_MS,
    };
  };
}

const OUTAGES = 10;
const FEW_FAILURES = 0.05;

/** An API that is out for a while, again and again; between two outages few of its requests fail, by chance. */
function outages(chance: Chance): ReturnType<Theme['scenario']> {
  const everyMs = 90 * SECOND_MS;
  const healthy = { perSecond: 1_000, failures: FEW_FAILURES };
  const out = { perSecond: 1_000, failures: 1 };
  return {
    record: {
      rateLimit: { tasks: 10, perSeconds: 1 },
      concurrency: oneOf(chance, [4, 10]),
      maxAttempts: 30,
      breaker: { windowSeconds: 10, minTasks: 20, openSeconds: 5 },
    },
    conditions: CLEAR,
    arrivals: [
      { atMs: 0, tasks: tasks(5_000, () => ({ ms: Math.floor(chance.between(50, 200)), asks: true })) },
    ],
    api: {
      phases: [
        { fromMs: 0, ...healthy },
        ...Array.from({ length: OUTAGES }, (_, index) => (index + 1) * everyMs).flatMap((fromMs) => [
          { fromMs, ...out },
          { fromMs: fromMs + Math.floor(chance.between(15, 30)) * SECOND_MS, ...healthy },
        ]),
      ],
      burst: 1_000,
      retryAfter: 'none',
    },
    forMs: 12 * HOUR_MS,
  };
}

export const BREAKER_THEMES = {
  'an outage': {
    rule: 'the breaker opens, probes and closes, and few tasks fail',
    scenario: outage(CLEAR),
    checks: {
      opensProbesAndCloses,
      startsOnlyProbes: startsOnlyProbes(KNOWN_AFTER_MS),
      failsOnlyProbes: failsOnlyProbes(KNOWN_AFTER_MS),
      losesNothing,
      buriesOnlyTheDead,
      keepsRates,
    },
  },
  'an outage while all goes wrong': {
    rule: 'no task is lost in an outage, whatever else goes wrong, and in the end all goes on',
    scenario: outage(ROUGH),
    checks: { losesNothing, keepsRates },
  },
  'outages of an API that errs': {
    rule: 'errors that do not open a breaker hardly ever keep it from closing',
    scenario: outages,
    checks: {
      opensProbesAndCloses,
      recovers: recovers(FEW_FAILURES, 1),
      startsOnlyProbes: startsOnlyProbes(KNOWN_AFTER_MS),
      losesNothing,
      buriesOnlyTheDead,
      keepsRates,
    },
  },
  'a breaker forced closed': {
    rule: 'one that is forced closed never opens',
    scenario: outage(CLEAR, 'closed'),
    checks: { neverOpens, losesNothing },
  },
  'a breaker forced open': {
    rule: 'one that is forced open lets nothing start, and nothing dies of waiting',
    scenario: (chance) => ({
      record: { ...oneOf(chance, LIMITS), breaker: { force: 'open' } },
      conditions: CLEAR,
      arrivals: [{ atMs: 0, tasks: tasks(20, () => ({ ms: 100 })) }],
      forMs: 90 * MINUTE_MS,
    }),
    checks: { startsNothing, buriesOnlyTheDead },
  },
} as const satisfies Record<string, Theme>;
