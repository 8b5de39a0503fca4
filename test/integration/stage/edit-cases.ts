import type { Live } from './live.ts';

type Consumer = NonNullable<Live['consumer']>;

/** What an edit changes of what is live; everything else must stay as it was. */
export interface EditCase {
  readonly name: string;
  /** Fields besides the base, before. */
  readonly from?: Readonly<Record<string, unknown>>;
  /** Fields that are added or replaced. */
  readonly to: Readonly<Record<string, unknown>>;
  readonly queue?: Partial<NonNullable<Live['queue']>>;
  readonly consumer?: { readonly [K in keyof Consumer]?: Consumer[K] | undefined };
  /** A value that is undefined must not be there. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly redrive?: number;
  readonly mapping?: Partial<Live['mappings'][number]>;
}

/** What every case starts from; a short timeout, which a lowered limit waits for. */
export const BASE = { concurrency: 2, timeoutSeconds: 2, environment: { COLOUR: 'green' } };

/** The variables of a consumer that is told of one limit besides the backstop. */
function limits(text: string): Readonly<Record<string, string>> {
  return { COLOUR: 'green', SLUICE_LIMITS: `{${text},"maxReceives":50}` };
}

/** Every field of a config record but its key, and `codeKey` and `codeVersion`, which code.test.ts changes. */
export const EDIT_CASES: readonly EditCase[] = [
  { name: 'concurrency raised', to: { concurrency: 7 }, mapping: { maximumConcurrency: 7 } },
  {
    name: 'concurrency lowered',
    from: { concurrency: 9 },
    to: { concurrency: 3 },
    mapping: { maximumConcurrency: 3 },
  },
  {
    name: 'concurrency to one',
    to: { concurrency: 1 },
    consumer: { reservedConcurrency: 1 },
  },
  {
    name: 'concurrency from one',
    from: { concurrency: 1 },
    to: { concurrency: 4 },
    consumer: { reservedConcurrency: undefined },
    mapping: { maximumConcurrency: 4 },
  },
  {
    name: 'rateLimit',
    from: { concurrency: undefined },
    to: { rateLimit: { tasks: 50, perSeconds: 10 } },
    mapping: { maximumConcurrency: 6 },
    environment: limits('"pace":{"kind":"ledger","spacingMs":204.4,"toleranceMs":180}'),
  },
  {
    name: 'rateLimit from slots to a ledger',
    from: { concurrency: 4, rateLimit: { tasks: 8, perSeconds: 2 } },
    to: { concurrency: 3, rateLimit: { tasks: 8, perSeconds: 2 } },
    mapping: { maximumConcurrency: 3 },
    environment: limits('"pace":{"kind":"ledger","spacingMs":255.5,"toleranceMs":36}'),
  },
  {
    name: 'breaker',
    to: { breaker: { probes: 1 } },
    environment: limits(
      '"breaker":{"failureShare":0.5,"minTasks":20,"openSeconds":30,"probes":1,"windowSeconds":60}',
    ),
  },
  {
    name: 'idempotency',
    to: { idempotency: { key: 'order.id', seconds: 86_400 } },
    environment: limits('"idempotency":{"key":"order.id","seconds":86400}'),
  },
  {
    name: 'progress',
    to: { progress: false },
    environment: { COLOUR: 'green', SLUICE_BURSTS_TABLE: undefined },
  },
  // Who goes first in a rollout: nothing of it is live.
  { name: 'canary', to: { canary: true } },
  { name: 'batchSize', to: { batchSize: 5 }, mapping: { batchSize: 5 } },
  {
    name: 'batchWindowSeconds',
    to: { batchWindowSeconds: 3 },
    mapping: { batchWindowSeconds: 3 },
    queue: { visibilityTimeoutSeconds: 6 * 2 + 3 },
  },
  {
    name: 'timeoutSeconds raised',
    to: { timeoutSeconds: 20 },
    consumer: { timeoutSeconds: 20 },
    queue: { visibilityTimeoutSeconds: 6 * 20 },
  },
  {
    name: 'timeoutSeconds lowered',
    from: { timeoutSeconds: 20 },
    to: { timeoutSeconds: 1 },
    consumer: { timeoutSeconds: 1 },
    queue: { visibilityTimeoutSeconds: 6 * 1 },
  },
  { name: 'memoryMb', to: { memoryMb: 512 }, consumer: { memoryMb: 512 } },
  {
    name: 'environment',
    to: { environment: { SIZE: 'large' } },
    environment: { SIZE: 'large' },
  },
  {
    name: 'visibilityTimeoutSeconds',
    to: { visibilityTimeoutSeconds: 77 },
    queue: { visibilityTimeoutSeconds: 77 },
  },
  {
    name: 'maxAttempts',
    to: { maxAttempts: 3 },
    environment: { COLOUR: 'green', SLUICE_MAX_ATTEMPTS: '3', SLUICE_LIMITS: '{"maxReceives":30}' },
    redrive: 30,
  },
  {
    name: 'maxReceiveCount',
    to: { maxReceiveCount: 12 },
    redrive: 12,
    environment: { COLOUR: 'green', SLUICE_LIMITS: '{"maxReceives":12}' },
  },
  {
    name: 'messageRetentionSeconds lowered',
    to: { messageRetentionSeconds: 3600 },
    queue: { messageRetentionSeconds: 3600 },
  },
  {
    name: 'messageRetentionSeconds raised',
    from: { messageRetentionSeconds: 3600 },
    to: { messageRetentionSeconds: 7200 },
    queue: { messageRetentionSeconds: 7200 },
  },
  { name: 'paused', to: { paused: true }, mapping: { enabled: false, state: 'Disabled' } },
  // These reach no resource.
  { name: 'maxBacklog', to: { maxBacklog: 100 } },
  { name: 'restWhenIdleSeconds', to: { restWhenIdleSeconds: 600 } },
  { name: 'spread', to: { spread: { minSeconds: 0, maxSeconds: 9 } } },
  { name: 'onDelete', to: { onDelete: 'discard' } },
  { name: 'drainTimeoutSeconds', to: { drainTimeoutSeconds: 60 } },
  { name: 'expiresAt', to: { expiresAt: 4_102_444_800 } },
];
