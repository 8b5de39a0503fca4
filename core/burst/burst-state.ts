import * as z from 'zod';

/**
 * What travels through the burst machine from step to step. How far the burst is sent stands in its record and its
 * mark: one execution can stop and another go on.
 */
export const burstStateSchema = z.object({
  burstId: z.string(),
  /** What the last step answered: `again` after a wait, all is `done`, or nothing is left for this execution. */
  outcome: z.enum(['again', 'done', 'over']).default('again'),
  afterSeconds: z.number().default(0),
  /** Steps of this execution so far. */
  rounds: z.number().default(0),
});

export type BurstState = z.output<typeof burstStateSchema>;

/**
 * After so many steps another execution goes on, so that the history of none is full, even where each step is tried
 * as often as the machine does.
 */
export const ROUNDS_MOST = 400;
