import type { BreakerSettings } from './breaker.ts';
import type { PacePlan } from './pace.ts';

/** What a consumer's environment says of the limits that its runtime keeps. */
export interface ConsumerLimits {
  readonly pace: PacePlan;
  /** One task at a time is kept by a lease, for no unit of concurrency could be reserved. */
  readonly lease: boolean;
  readonly breaker?: BreakerSettings;
  readonly idempotency?: Idempotency;
  /** After so many receives SQS itself makes a message a dead letter. */
  readonly maxReceives?: number;
}

/** Tasks of the same key are done once. */
export interface Idempotency {
  /** A path into the task: `order.id`, or `$` for all of it. */
  readonly key: string;
  /** For so long after it was done. */
  readonly seconds: number;
}

/** None: a function that the lifecycle has not made. */
export const NO_LIMITS: ConsumerLimits = { pace: { kind: 'none' }, lease: false };

/**
 * Whether an environment looks from its first task on whether its group is held. Others, which would have nothing to
 * read, do so once they have met a hold themselves.
 */
export function watchesGroup({ pace, lease, breaker }: ConsumerLimits): boolean {
  return pace.kind === 'ledger' || lease || breaker !== undefined;
}

/** Whether the group waits while its breaker is open: not by one that is forced closed, or that is no more. */
export function mindsBreaker({ breaker }: Pick<ConsumerLimits, 'breaker'>): boolean {
  return breaker !== undefined && breaker.force !== 'closed';
}

/** Whether tasks need what the environments of their pipeline share before they start or end. */
export function needsShared(limits: ConsumerLimits): boolean {
  return watchesGroup(limits) || limits.idempotency !== undefined;
}

/** As short as it can be: all of an environment takes 4 KB at most. */
export function limitsText({ pace, lease, ...limits }: ConsumerLimits): string {
  return JSON.stringify({ ...(pace.kind !== 'none' && { pace }), ...(lease && { lease }), ...limits });
}

/** @param text of {@link limitsText}, from a trusted place */
export function readLimits(text: string | undefined): ConsumerLimits {
  return text === undefined ? NO_LIMITS : { ...NO_LIMITS, ...(JSON.parse(text) as Partial<ConsumerLimits>) };
}
