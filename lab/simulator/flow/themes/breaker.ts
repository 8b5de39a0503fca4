import type { Chance } from '../../chance.ts';
import {
  failsOnlyProbes,
  neverOpens,
  opensProbesAndCloses,
  startsNothing,
  startsOnlyProbes,
} from '../checks/breaker.ts';
import { buriesOnlyTheDead, losesNothing } from '../checks/fates.ts';
import { keepsRates } from '../checks/rates.ts';
import { type Conditions, HEALTHY, ROUGH } from '../conditions.ts';
import { tasks } from '../scenario.ts';
import { HOUR_MS, MINUTE_MS, oneOf, SECOND_MS, type Theme } from '../theme.ts';

const CLEAR: Conditions = {
  ...HEALTHY,
  duplicates: 0,
  trouble: { ...HEALTHY.trouble, slow: 0 },
  queueTrouble: { ...HEALTHY.queueTrouble, slow: 0 },
};

/** Fresh of its state within a second, and of the way; a probe that is granted may also wait for its turn. */
const KNOWN_AFTER_MS = 1_150;

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
