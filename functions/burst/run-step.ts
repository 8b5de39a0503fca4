import type { Ports } from '../../aws/ports.ts';
import { type BurstState, burstStateSchema } from '../../core/burst/burst-state.ts';
import type { StepCall } from '../../core/machine-step.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { sendSliceStep } from './steps/SendSlice.ts';

/**
 * Runs one attempt of a step of a burst.
 * @param deadlineMs when this function must be over, epoch milliseconds
 * @throws only surprises; the state machine retries those
 */
export async function runBurstStep(
  { owner, state }: StepCall,
  ports: Ports,
  settings: StageSettings,
  deadlineMs: number,
): Promise<BurstState> {
  const { burstId, rounds: before } = burstStateSchema.parse(state);
  const rounds = before + 1;
  return {
    burstId,
    rounds,
    ...(await sendSliceStep({ burstId, rounds, owner, deadlineMs }, ports, settings)),
  };
}
