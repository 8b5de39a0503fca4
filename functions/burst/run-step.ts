import type { Ports } from '../../aws/ports.ts';
import { type BurstState, burstStateSchema } from '../../core/burst/burst-state.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { sendSliceStep } from './steps/SendSlice.ts';

/** What the state machine hands to the function. */
export interface BurstStepInput {
  readonly step: 'SendSlice';
  /** The execution's name: who sends the burst. */
  readonly owner: string;
  readonly state: unknown;
}

/** Whether it is the machine that calls, and not a person. */
export function isStep(input: unknown): input is BurstStepInput {
  return typeof input === 'object' && input !== null && 'step' in input && 'owner' in input;
}

/**
 * Runs one attempt of a step of a burst.
 * @param deadlineMs when this function must be over, epoch milliseconds
 * @throws only surprises; the state machine retries those
 */
export async function runBurstStep(
  { owner, state }: BurstStepInput,
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
