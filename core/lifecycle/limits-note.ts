import { ASSUMED_TASK_SECONDS } from '../burst/assumed.ts';
import { startsPerSecond } from '../flow/pace.ts';
import { type LimitMethod, priceLimits } from '../flow/price.ts';
import { limitsOf, type Told } from './target.ts';

/** How a pipeline's limits are kept, and what that costs: for people. */
export interface LimitsNote {
  readonly method: LimitMethod;
  /** The strictest of its rate limits. */
  readonly startsPerSecond?: number;
  readonly concurrency: number;
  readonly concurrencySource: 'record' | 'rateLimit' | 'default';
  /** What keeps one task at a time. */
  readonly oneAtATime?: 'reserved' | 'lease';
  /** For a million tasks, besides what they cost without limits: core/flow/price.ts, arm64. */
  readonly usdPerMillion: number;
}

export function limitsNote(told: Told, taskSeconds = ASSUMED_TASK_SECONDS): LimitsNote {
  const { rateLimits, concurrency, concurrencySource, memoryMb } = told.wanted;
  const price = priceLimits({
    limits: limitsOf(told),
    concurrency,
    memoryMb,
    taskSeconds,
    architecture: 'arm64',
  });
  return {
    ...price,
    ...(rateLimits.length > 0 && { startsPerSecond: Number(startsPerSecond(rateLimits).toPrecision(4)) }),
    concurrency,
    concurrencySource,
    ...(concurrency === 1 && { oneAtATime: told.lease ? 'lease' : 'reserved' }),
  };
}
