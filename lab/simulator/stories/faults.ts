import * as fc from 'fast-check';
import { ROLLOUT_STEPS } from '../../../functions/code-rollout/run-step.ts';
import { STEPS } from '../../../functions/pipeline-lifecycle/steps/index.ts';
import type { PlannedFault } from '../story.ts';
import { CALL_FAULTS, RUN_FAULTS } from '../world/faults.ts';

/** At a function that serves releases. */
const releaseFault: fc.Arbitrary<PlannedFault> = fc.record({
  of: fc.constantFrom('code-rollout', 'code-listener', 'rollout-control', ...ROLLOUT_STEPS),
  call: fc.integer({ min: 1, max: 30 }),
  fault: fc.constantFrom(...CALL_FAULTS),
});

/** Steps whose faults could cost a task or a word that was left. */
const DELICATE = ['Salvage', 'Salvage', 'DeleteQueues', 'Settle'];

export const faults: fc.Arbitrary<readonly PlannedFault[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        on: fc.nat(2),
        call: fc.integer({ min: 1, max: 250 }),
        fault: fc.constantFrom(...CALL_FAULTS),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        on: fc.nat(2),
        step: fc.constantFrom('Claim', ...Object.keys(STEPS), ...DELICATE, ...DELICATE, ...DELICATE),
        call: fc.integer({ min: 1, max: 24 }),
        fault: fc.constantFrom(...CALL_FAULTS),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        on: fc.nat(2),
        run: fc.integer({ min: 1, max: 60 }),
        fault: fc.constantFrom(...RUN_FAULTS),
      }),
    },
    { weight: 5, arbitrary: releaseFault },
  ),
  { maxLength: 30, size: 'max' },
);

/** Mostly at the functions that serve releases. */
export const faultsAroundReleases: fc.Arbitrary<readonly PlannedFault[]> = fc
  .tuple(fc.array(releaseFault, { maxLength: 12, size: 'max' }), faults)
  .map(([own, others]) => [...own, ...others]);
