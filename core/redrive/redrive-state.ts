import * as z from 'zod';

/**
 * What travels through the redrive machine from step to step. How far the redrive is stands in its record: one
 * execution can stop and another go on.
 */
export const redriveStateSchema = z.object({
  pipelineId: z.string(),
  /** What the last step answered: `again` after a wait, the redrive is `done`, or nothing is left for this execution. */
  outcome: z.enum(['again', 'done', 'over']).default('again'),
  afterSeconds: z.number().default(0),
  /** Steps of this execution so far. */
  rounds: z.number().default(0),
});

export type RedriveState = z.output<typeof redriveStateSchema>;

/**
 * After so many steps another execution goes on, so that the history of none is full, even where each step is tried
 * as often as the machine does.
 */
export const ROUNDS_MOST = 400;
