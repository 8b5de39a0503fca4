import * as z from 'zod';

/** What a state machine hands to the function that runs its steps. */
export interface StepCall {
  /** The name of the state. */
  readonly step: string;
  /** The execution's name: for whom a lease or a record is held. */
  readonly owner: string;
  readonly state: unknown;
}

/** Whether it is a machine that calls, and not a person. */
export function isStepCall(input: unknown): input is StepCall {
  return typeof input === 'object' && input !== null && 'step' in input && 'owner' in input;
}

/**
 * What travels from step to step through a machine that does one thing again and again. How far that is stands in its
 * record: one execution can stop and another go on.
 */
export const roundsFields = {
  /** What the last step answered: `again` after a wait, all is `done`, or nothing is left for this execution. */
  outcome: z.enum(['again', 'done', 'over']).default('again'),
  afterSeconds: z.number().default(0),
  /** Steps of this execution so far. */
  rounds: z.number().default(0),
};

/**
 * After so many steps another execution goes on, so that the history of none is full, even where each step is tried
 * as often as the machine does.
 */
export const ROUNDS_MOST = 400;
