import type { Ports } from '../../aws/ports.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import { type RedriveState, redriveStateSchema } from '../../core/redrive/redrive-state.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { guardPorts } from '../pipeline-lifecycle/turn.ts';
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
 * @param deadlineMs when this function must be over, epoch milliseconds
 * @throws only surprises; the state machine retries those
 */
export async function runRedriveStep(
  { owner, state: given }: RedriveStepInput,
  ports: Ports,
  settings: StageSettings,
  deadlineMs: number,
): Promise<RedriveState> {
  const state = redriveStateSchema.parse(given);
  const guarded = guardPorts(ports, deadlineMs, settings.timings.callSeconds * 1000);
  const rounds = state.rounds + 1;
  try {
    const next = await redriveLetters({ ...state, rounds }, owner, guarded);
    return { pipelineId: state.pipelineId, rounds, ...next };
  } catch (error) {
    if (!(error instanceof NotYet)) throw error;
    return { pipelineId: state.pipelineId, rounds, outcome: 'again', afterSeconds: error.afterSeconds };
  }
}
