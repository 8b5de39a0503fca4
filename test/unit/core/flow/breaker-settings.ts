import type { BreakerSettings } from '../../../../core/flow/breaker.ts';

/** As a record without a rate limit has them that says no more than `breaker: {}`. */
export const PRESET: BreakerSettings = {
  failureShare: 0.5,
  windowSeconds: 60,
  minTasks: 20,
  openSeconds: 30,
  probes: 3,
};
