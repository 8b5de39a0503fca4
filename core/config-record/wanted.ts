import {
  MAPPING_CONCURRENCY_MAX,
  MAPPING_CONCURRENCY_MIN,
  SQS_RECEIVE_COUNT_MAX,
  SQS_VISIBILITY_MAX_SECONDS,
  VISIBILITY_TIMEOUTS,
} from '../aws-limits.ts';
import { ASSUMED_TASK_SECONDS } from '../burst/assumed.ts';
import type { BreakerSettings } from '../flow/breaker.ts';
import { startsPerSecond } from '../flow/pace.ts';
import { resolveBreaker } from './breaker.ts';
import type { RateLimit } from './rate-limit.ts';
import type { ConfigFacts } from './rule.ts';
import type { ConfigRecord } from './schema.ts';

const DEFAULT_CONCURRENCY = 2;
const RECEIVES_PER_ATTEMPT = 10;

/** Optional fields are absent, never undefined: what is wanted is plain JSON. */
type Present<T> = { [Field in keyof T]: Exclude<T[Field], undefined> };

type WorkedOut = 'concurrency' | 'visibilityTimeoutSeconds' | 'maxReceiveCount';

/** What a valid record asks for, every default resolved. Plain JSON. */
export interface Wanted
  extends Present<Omit<ConfigRecord, WorkedOut | 'rateLimit' | 'breaker'>>,
    Present<Required<Pick<ConfigRecord, WorkedOut>>> {
  /** Where `concurrency` comes from. */
  readonly concurrencySource: 'record' | 'rateLimit' | 'default';
  /** All of these hold; empty for no limit. */
  readonly rateLimits: RateLimit[];
  readonly breaker?: BreakerSettings;
}

/** Fills in the defaults that depend on other fields or on facts. */
export function resolveDefaults(record: Present<ConfigRecord>, facts: ConfigFacts): Wanted {
  const { rateLimit = [], breaker, ...fields } = record;
  const rateLimits = Array.isArray(rateLimit) ? rateLimit : [rateLimit];
  return {
    ...fields,
    ...resolveConcurrency(record.concurrency, rateLimits, facts),
    rateLimits,
    ...(breaker && { breaker: resolveBreaker(breaker, rateLimits) }),
    visibilityTimeoutSeconds: record.visibilityTimeoutSeconds ?? defaultVisibilitySeconds(record),
    maxReceiveCount:
      record.maxReceiveCount ?? Math.min(RECEIVES_PER_ATTEMPT * record.maxAttempts, SQS_RECEIVE_COUNT_MAX),
  };
}

/** As AWS advises: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export function defaultVisibilitySeconds({
  timeoutSeconds,
  batchWindowSeconds,
}: Pick<ConfigRecord, 'timeoutSeconds' | 'batchWindowSeconds'>): number {
  return Math.min(VISIBILITY_TIMEOUTS * timeoutSeconds + batchWindowSeconds, SQS_VISIBILITY_MAX_SECONDS);
}

/** Tasks that take longer than the mean, and the time between two of them. */
const HEADROOM = 1.2;

/**
 * As many at once as the strictest rate needs: by Little's law, starts per second × seconds per task, and a fifth
 * more. Two at least: one at a time, which a mapping cannot keep, is for records that ask for it.
 * Until a duration has been measured a task counts as one second.
 * @see https://en.wikipedia.org/wiki/Little%27s_law
 */
function resolveConcurrency(
  concurrency: number | undefined,
  rateLimits: readonly RateLimit[],
  { measuredSeconds = ASSUMED_TASK_SECONDS, accountConcurrency = MAPPING_CONCURRENCY_MAX }: ConfigFacts,
): Pick<Wanted, 'concurrency' | 'concurrencySource'> {
  if (concurrency !== undefined) return { concurrency, concurrencySource: 'record' };
  const most = Math.max(1, Math.min(MAPPING_CONCURRENCY_MAX, accountConcurrency));
  if (rateLimits.length === 0) {
    return { concurrency: Math.min(DEFAULT_CONCURRENCY, most), concurrencySource: 'default' };
  }
  const needed = HEADROOM * startsPerSecond(rateLimits) * measuredSeconds;
  // A billionth of a task is rounding, not work.
  const enough = Math.max(MAPPING_CONCURRENCY_MIN, Math.ceil(needed - 1e-9));
  return { concurrency: Math.min(enough, most), concurrencySource: 'rateLimit' };
}
