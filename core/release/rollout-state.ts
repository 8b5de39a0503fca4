import * as z from 'zod';

/**
 * What travels through the rollout machine from step to step. Small on purpose: how far the rollout is stands
 * in the release record, so that one execution can stop and another go on.
 */
export const rolloutStateSchema = z.object({
  key: z.string(),
  /** The upload that was seen, then the release that is driven out. */
  version: z.string(),
  /** S3's order of uploads, where it is known to be this version's. */
  sequencer: z.string().optional(),
  /** What the last step answered; the machine's choices say what each means. */
  outcome: z
    .enum(['done', 'again', 'over', 'check', 'move', 'return', 'rejected', 'finished', 'unhealthy'])
    .default('done'),
  afterSeconds: z.number().default(0),
  /** A place in the queue for the control-plane budget, epoch milliseconds. */
  ticketMs: z.number().optional(),
  /** Since when something that should be there is not, epoch milliseconds. */
  missingSinceMs: z.number().optional(),
  /** What the trial came to, while its function is still to be deleted; empty: well. */
  trial: z.string().optional(),
  /**
   * Of pipelines whose dead letters are being gone through: how many of them this pass may still come upon, by
   * pipelineId; of one page of pipelines at most.
   */
  unread: z.record(z.string(), z.number()).optional(),
});

export type RolloutState = z.output<typeof rolloutStateSchema>;

export type RolloutOutcome = RolloutState['outcome'];
