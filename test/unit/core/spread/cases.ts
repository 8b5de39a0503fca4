import fc from 'fast-check';
import type { RateLimit } from '../../../../core/config-record/rate-limit.ts';
import type { Planned, PlanRequest } from '../../../../core/spread/plan.ts';
import { planBurst } from '../../../../core/spread/plan-burst.ts';
import { Chance } from '../../../../lab/simulator/chance.ts';
import { estimateOf } from '../../../../lab/simulator/spread/policies.ts';

export const seconds = fc.integer({ min: 1, max: 200 }).map((tenths) => tenths / 10);
export const goal: fc.Arbitrary<PlanRequest['goal']> = fc.oneof(
  fc.constant(undefined),
  fc
    .tuple(fc.nat(2000), fc.nat(2000))
    .map(([a, b]) => ({ minSeconds: Math.min(a, b), maxSeconds: Math.max(a, b) })),
  fc
    .tuple(fc.nat(900), fc.nat(900))
    .map(([a, b]) => ({ minSeconds: Math.min(a, b), maxSeconds: Math.max(a, b) })),
  fc.record({ maxConcurrency: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ finishWithinSeconds: fc.integer({ min: 1, max: 2000 }) }),
);
/** What a burst is planned by, and what its tasks then take. */
export interface Case extends Omit<PlanRequest, 'random'> {
  readonly durations: readonly number[];
  readonly seed: number;
}

export const constant: fc.Arbitrary<readonly number[]> = fc
  .tuple(fc.integer({ min: 1, max: 300 }), seconds)
  .map(([count, each]) => Array.from({ length: count }, () => each));
export const uneven = fc.array(seconds, { minLength: 1, maxLength: 300 });

export function cases(
  durations: fc.Arbitrary<readonly number[]>,
  source: 'measured' | 'tasks',
  limits: fc.Arbitrary<readonly RateLimit[]> = fc.constant([]),
): fc.Arbitrary<Case> {
  return fc
    .tuple(durations, goal, fc.integer({ min: 1, max: 100 }), limits, fc.integer())
    .map(([list, wanted, concurrency, rateLimits, seed]) => ({
      count: list.length,
      goal: wanted,
      bounds: { concurrency, rateLimits, backlog: 0 },
      estimate: estimateOf({ durationsSeconds: list }, source),
      ...(source === 'tasks' && { durationsSeconds: list }),
      durations: list,
      seed,
    }));
}

export const rateLimits = fc.array(
  fc.record({ tasks: fc.integer({ min: 1, max: 100 }), perSeconds: fc.integer({ min: 1, max: 60 }) }),
  { maxLength: 2 },
);
/** Bursts of every kind. */
export const any = fc.oneof(
  cases(constant, 'measured', rateLimits),
  cases(uneven, 'measured', rateLimits),
  cases(uneven, 'tasks', rateLimits),
);

export function planOf(one: Omit<Case, 'durations'>): Planned {
  const chance = new Chance(one.seed, 'plan');
  return planBurst({ ...one, random: () => chance.next() });
}
