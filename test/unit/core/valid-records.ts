import fc from 'fast-check';

const whole = (min: number, max: number) => fc.integer({ min, max });
const seconds = whole(1, 900);

/** Any valid record, optional fields there or not. */
export const validRecords = fc
  .record(
    {
      pipelineId: fc.stringMatching(/^[a-z0-9][a-zA-Z0-9_]{0,39}$/),
      concurrency: whole(1, 1000),
      rateLimit: fc.oneof(
        fc.record({ tasks: whole(1, 100_000), perSeconds: whole(1, 86_400) }),
        fc.uniqueArray(fc.record({ tasks: whole(1, 100_000), perSeconds: whole(1, 86_400) }), {
          selector: ({ perSeconds }) => perSeconds,
          minLength: 1,
          maxLength: 10,
        }),
      ),
      batchSize: whole(1, 10_000),
      batchWindowSeconds: whole(1, 300),
      timeoutSeconds: seconds,
      memoryMb: whole(128, 10_240),
      environment: fc.dictionary(
        fc.stringMatching(/^[B-Z][A-Z0-9_]{1,20}$/).filter((name) => !/^(SLUICE_|LAMBDA_)/.test(name)),
        fc.string({ maxLength: 40 }).map((text) => `v${text}`),
        {
          maxKeys: 10,
        },
      ),
      visibilityTimeoutSeconds: whole(900, 43_200),
      maxAttempts: whole(1, 100),
      maxReceiveCount: whole(100, 1000),
      messageRetentionSeconds: whole(960, 1_209_600),
      breaker: fc.record(
        {
          failureShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
          windowSeconds: whole(10, 3600),
          minTasks: fc.constant(1),
          openSeconds: whole(1, 80),
          probes: whole(1, 100),
          force: fc.constantFrom('open', 'closed'),
        },
        { requiredKeys: [] },
      ),
      idempotency: fc.record({
        key: fc.stringMatching(/^(\$|[a-zA-Z0-9_-]{1,30}(\.[a-z]{1,30}){0,3})$/),
        seconds: whole(43_200, 2_592_000),
      }),
      maxBacklog: whole(1, 2 ** 31 - 1),
      paused: fc.boolean(),
      restWhenIdleSeconds: whole(300, 100_000),
      spread: fc.oneof(
        fc
          .tuple(whole(0, 86_400), whole(0, 86_400))
          .map(([a, b]) => ({ minSeconds: Math.min(a, b), maxSeconds: Math.max(a, b) })),
        fc.record({ maxConcurrency: whole(1, 1000) }),
        fc.record({ finishWithinSeconds: whole(1, 86_400) }),
      ),
      onDelete: fc.constantFrom('drain', 'discard'),
      drainTimeoutSeconds: whole(0, 86_400),
      codeKey: fc.stringMatching(/^[a-z0-9][a-z0-9/.-]{0,40}$/),
      codeVersion: fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/),
      canary: fc.boolean(),
      progress: fc.boolean(),
      expiresAt: whole(1_000_000_000, 2_147_483_647),
    },
    { requiredKeys: ['pipelineId'] },
  )
  // A batch over 10 needs a window.
  .map((record) => (record.batchWindowSeconds === undefined ? { ...record, batchSize: 10 } : record));
