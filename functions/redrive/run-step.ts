import type { Ports } from '../../aws/ports.ts';
import { type RedriveState, redriveStateSchema } from '../../core/redrive/redrive-state.ts';
import { redriveLetters } from './steps/RedriveLetters.ts';

/** What the state machine hands to the function. */
export interface RedriveStepInput {
  readonly step: 'RedriveLetters';
  /** The execution's name: who drives the redrive. */
  readonly owner: string;
  readonly state: unknown;
}

/** Whether it is the machine that calls, and not a person. */
export function isStep(input: unknown): input is RedriveStepInput {
  return typeof input === 'object' && input !== null && 'step' in input && 'owner' in input;
}

/**
 * Runs one attempt of a step of a redrive.
 * @throws only surprises; the state machine retries those
 */
export async function runRedriveStep(
  { owner, state }: RedriveStepInput,
  ports: Ports,
): Promise<RedriveState> {
  const { pipelineId, rounds: before } = redriveStateSchema.parse(state);
  const rounds = before + 1;
  return { pipelineId, rounds, ...(await redriveLetters(pipelineId, rounds, owner, ports)) };
}
