import fc from 'fast-check';
import type { Tasks } from '../../../../core/release/record.ts';
import type { RolloutSettings } from '../../../../core/release/rollout-settings.ts';

/** Sums as a few pipelines make them; those of which something is a part are not smaller than it. */
export const anyTasks: fc.Arbitrary<Tasks> = fc
  .record({
    calls: fc.nat(200),
    errors: fc.nat(200),
    throttled: fc.nat(50),
    tasks: fc.nat(200),
    failures: fc.nat(200),
    durationMs: fc.nat(100_000),
    deadLetters: fc.nat(3),
  })
  .map((sums) => ({
    ...sums,
    errors: Math.min(sums.errors, sums.calls),
    failures: Math.min(sums.failures, sums.tasks),
  }));

const share = fc.oneof(fc.constantFrom(0, 0.05, 0.29, 1), fc.double({ min: 0, max: 1, noNaN: true }));

export const anySettings: fc.Arbitrary<RolloutSettings> = fc.record({
  canaryShare: share,
  growth: fc.double({ min: 1, max: 1000, noNaN: true }),
  bakeSeconds: fc.oneof(fc.constantFrom(0, 2, 300), fc.nat(86_400)),
  unknownSeconds: fc.oneof(fc.constantFrom(0, 5, 900), fc.nat(86_400)),
  minTasks: fc.integer({ min: 1, max: 300 }),
  failureShare: share,
  throttleShare: share,
  deadLetters: fc.nat(3),
  durationFactor: fc.double({ min: 1, max: 10, noNaN: true }),
  toleratedShare: share,
});
