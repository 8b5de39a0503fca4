import type { RateLimit } from '../../../../core/config-record/rate-limit.ts';
import { planPace, startsPerSecond } from '../../../../core/flow/pace.ts';
import type { Chance } from '../../chance.ts';
import { buriesOnlyTheDead, losesNothing } from '../checks/fates.ts';
import { keepsRates } from '../checks/rates.ts';
import { type Conditions, ROUGH, ROUGH_WITHOUT_KILLS } from '../conditions.ts';
import { tasks } from '../scenario.ts';
import { HOUR_MS, oneOf, type Theme } from '../theme.ts';

type Rates = readonly [readonly [number, number], ...(readonly [number, number])[]];

const RATES: Rates = [
  [10, 1],
  [3, 1],
  [50, 1],
  [1, 1],
  [7, 10],
  [2, 5],
  [100, 60],
  [1, 60],
  [12, 60],
  [5, 3600],
];

const SLOT_RATES: Rates = [
  [10, 1],
  [3, 1],
  [50, 1],
  [20, 2],
  [12, 4],
];

function randomRates(chance: Chance): readonly [RateLimit, ...RateLimit[]] {
  const one = (): RateLimit => {
    const [tasks, perSeconds] = oneOf(chance, RATES);
    return { tasks, perSeconds };
  };
  const first = one();
  const second = one();
  const isTwo = chance.happens(0.4) && first.perSeconds !== second.perSeconds;
  return isTwo ? [first, second] : [first];
}

/** Anything that a record may say of how a group runs. */
function randomRecord(chance: Chance) {
  const batchSize = chance.happens(0.6) ? 1 : chance.whole(2, 10);
  return {
    batchSize,
    batchWindowSeconds: batchSize > 1 && chance.happens(0.5) ? chance.whole(1, 5) : 0,
    timeoutSeconds: oneOf(chance, [1, 2, 5, 30, 120]),
    maxAttempts: 10,
  };
}

/** As many tasks as take a few minutes, hours where the limit is so low; sent at once or bit by bit. */
function randomWork(
  chance: Chance,
  rates: readonly RateLimit[],
  record: { readonly timeoutSeconds: number },
) {
  const perSecond = startsPerSecond(rates);
  const count = Math.ceil(Math.min(150, Math.max(12, perSecond * chance.between(5, 120))));
  const longestMs = Math.min(record.timeoutSeconds * 250, oneOf(chance, [5, 300, 2_000]));
  const bodies = tasks(count, () => ({
    ms: Math.floor(chance.between(0, longestMs)),
    ...(chance.happens(0.05) && { throws: 1 }),
    ...(chance.happens(0.03) && { later: { times: 1, seconds: chance.whole(1, 30) } }),
  }));
  const parts = chance.whole(1, 3);
  const spanMs = (1000 * count) / perSecond;
  const size = Math.ceil(count / parts);
  const arrivals = Array.from({ length: parts }, (_, part) => ({
    atMs: part === 0 ? 0 : Math.floor(chance.between(0, spanMs)),
    tasks: bodies.slice(part * size, (part + 1) * size),
  }));
  return { arrivals, forMs: 10 * spanMs + 12 * HOUR_MS };
}

const all = { keepsRates, losesNothing, buriesOnlyTheDead };

function byLedger(conditions: Conditions): Theme['scenario'] {
  return (chance) => {
    const rates = randomRates(chance);
    const record = randomRecord(chance);
    const concurrency = chance.happens(0.5) ? {} : { concurrency: chance.whole(2, 20) };
    return {
      record: { ...record, rateLimit: rates, ...concurrency },
      conditions,
      ...randomWork(chance, rates, record),
    };
  };
}

function bySlots(conditions: Conditions): Theme['scenario'] {
  return (chance) => {
    for (;;) {
      const [tasksPerWindow, perSeconds] = oneOf(chance, SLOT_RATES);
      const rates = [{ tasks: tasksPerWindow, perSeconds }];
      const record = randomRecord(chance);
      const concurrency = chance.whole(2, 25);
      const plan = planPace({ ...record, rateLimits: rates, concurrency, concurrencySource: 'record' });
      if (plan.kind !== 'slots') continue;
      return {
        record: { ...record, rateLimit: rates, concurrency },
        conditions,
        ...randomWork(chance, rates, record),
      };
    }
  };
}

export const RATE_THEMES = {
  'rates by the ledger': {
    rule: 'no window holds more starts than its limit, whatever goes wrong and whoever dies',
    scenario: byLedger(ROUGH),
    checks: all,
  },
  'rates by slots': {
    rule: 'no window holds more starts than its limit, if no call is killed',
    scenario: bySlots(ROUGH_WITHOUT_KILLS),
    checks: all,
  },
  'rates by slots that die': {
    rule: 'no window holds more starts than its limit and the slots killed in it',
    scenario: bySlots(ROUGH),
    checks: all,
  },
} as const satisfies Record<string, Theme>;
