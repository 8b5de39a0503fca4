import { partMs } from './breaker.ts';
import type { ConsumerLimits } from './limits.ts';
import type { PacePlan } from './pace.ts';

/**
 * What AWS asks for, USD: list prices of us-east-1 without free tiers and discounts, as of June 2026.
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/ a write of up to 1 KB, a consistent read of up to 4 KB
 * @see https://aws.amazon.com/sqs/pricing/ a request of up to 64 KB
 * @see https://aws.amazon.com/lambda/pricing/
 */
export const PRICES = {
  write: 0.625e-6,
  read: 0.125e-6,
  queueRequest: 0.4e-6,
  call: 0.2e-6,
  gbSecond: { arm64: 13.3334e-6, x86_64: 16.6667e-6 },
} as const;

/** How a pipeline's rate limits are kept. `metered`: by a ledger whose tasks wait for their turn in the queue. */
export type LimitMethod = 'none' | 'slots' | 'ledger' | 'metered';

/** A pipeline whose queue is full. */
export interface Priced {
  readonly limits: Pick<ConsumerLimits, 'pace' | 'lease' | 'breaker' | 'idempotency'>;
  readonly concurrency: number;
  readonly memoryMb: number;
  /** How long a task takes. */
  readonly taskSeconds: number;
  readonly architecture: 'arm64' | 'x86_64';
}

export interface LimitsPrice {
  readonly method: LimitMethod;
  /** For a million tasks, besides what they cost without limits. One task a call. */
  readonly usdPerMillion: number;
}

/** What the limits of one task use. */
interface Use {
  readonly writes?: number;
  readonly reads?: number;
  readonly queueRequests?: number;
  readonly calls?: number;
  /** Of a consumer that waits. */
  readonly seconds?: number;
}

/** What keeping a pipeline's limits costs. */
export function priceLimits(priced: Priced): LimitsPrice {
  const { limits, taskSeconds } = priced;
  const { method, use } = paceUse(priced);
  const occupiedSeconds = taskSeconds + (use.seconds ?? 0);
  const uses = [
    use,
    ...(limits.breaker ? [breakerUse(partMs(limits.breaker) / 1000, occupiedSeconds, method)] : []),
    ...(limits.lease ? [leaseUse(occupiedSeconds)] : []),
    ...(limits.idempotency ? [IDEMPOTENCY_USE] : []),
  ];
  const usd = uses.reduce((sum, one) => sum + usdOf(one, priced), 0);
  return { method, usdPerMillion: perMillion(usd) };
}

/** What it would cost if each of a million starts were slept for in a slot. */
export function priceSleeping(
  spacingMs: number,
  { memoryMb, architecture }: Pick<Priced, 'memoryMb' | 'architecture'>,
): number {
  return perMillion(usdOf({ seconds: spacingMs / 1000 }, { memoryMb, architecture }));
}

/** A start further ahead is waited for in the queue. */
const LONGEST_SLEEP_SECONDS = 3;
/** A task comes back so long before its turn: a second and a half, rounded up to the whole seconds of SQS. */
const LEAD_SECONDS = 2;
/** A call that finds that it is too early. */
const VISIT_SECONDS = 0.1;

/**
 * A task that waits in the queue is received twice. First it is refused a start and draws a ticket (two writes), and is
 * hidden (a request); then it comes back (a request, a call), notes its attempt and takes its start (two writes). What the
 * group shares is looked at three times.
 */
const METERED_USE: Use = {
  writes: 4,
  reads: 3,
  queueRequests: 2,
  calls: 1,
  seconds: VISIT_SECONDS + LEAD_SECONDS,
};

/** A key is claimed before its task and done after it. */
const IDEMPOTENCY_USE: Use = { writes: 2 };

function paceUse({ limits: { pace }, concurrency, taskSeconds }: Priced): {
  readonly method: LimitMethod;
  readonly use: Use;
} {
  switch (pace.kind) {
    case 'none':
      return { method: 'none', use: {} };
    case 'slots':
      return { method: 'slots', use: { seconds: Math.max(0, pace.holdMs / 1000 - taskSeconds) } };
    case 'ledger': {
      const slotSeconds = slotSecondsOf(pace, concurrency);
      const waitSeconds = Math.max(0, slotSeconds - taskSeconds);
      if (waitSeconds > LONGEST_SLEEP_SECONDS) return { method: 'metered', use: METERED_USE };
      // Before and after the wait, but no more than once a second.
      const reads = Math.min(2, slotSeconds);
      return { method: 'ledger', use: { writes: 1, reads, seconds: waitSeconds } };
    }
  }
}

/** All slots wait for the one ledger: each of them starts a task so often. */
function slotSecondsOf(pace: PacePlan & { readonly kind: 'ledger' }, concurrency: number): number {
  return (concurrency * pace.spacingMs) / 1000;
}

/** Tasks that went well are told of together; what the group shares is looked at once a second at most. */
function breakerUse(partSeconds: number, occupiedSeconds: number, method: LimitMethod): Use {
  const hasLooked = method === 'ledger' || method === 'metered';
  return {
    writes: Math.min(1, occupiedSeconds / partSeconds),
    reads: hasLooked ? 0 : Math.min(1, occupiedSeconds),
  };
}

/** Taken and freed; meanwhile the second call, which a mapping cannot be kept from, looks once a second whether it is free. */
function leaseUse(occupiedSeconds: number): Use {
  return { writes: 2 + occupiedSeconds, seconds: occupiedSeconds };
}

function usdOf(
  { writes = 0, reads = 0, queueRequests = 0, calls = 0, seconds = 0 }: Use,
  { memoryMb, architecture }: Pick<Priced, 'memoryMb' | 'architecture'>,
): number {
  return (
    writes * PRICES.write +
    reads * PRICES.read +
    queueRequests * PRICES.queueRequest +
    calls * PRICES.call +
    seconds * (memoryMb / 1024) * PRICES.gbSecond[architecture]
  );
}

/** To the cent. */
function perMillion(usd: number): number {
  return Math.round(usd * 1e8) / 100;
}
