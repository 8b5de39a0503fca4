import * as z from 'zod';

/**
 * What travels through the lifecycle machine from step to step. Small on purpose: everything that matters
 * after a crash stands in the status record or in the resources themselves.
 */
const memoSchema = z.object({
  queueUrl: z.string().optional(),
  queueArn: z.string().optional(),
  deadLetterQueueUrl: z.string().optional(),
  mappingId: z.string().optional(),
  /** Digest of the code that this run has sent. */
  codeSha256: z.string().optional(),
  /** When it sent it, and the dead letters that there were then. */
  codeSentMs: z.number().optional(),
  deadLettersBefore: z.number().optional(),
  /** A lowered limit holds for certain once the longest task that started under the old one is over. */
  settleNotBeforeMs: z.number().optional(),
  /** No call runs and none can start, until the mapping is as wanted: the run goes on to there, whatever is asked meanwhile. */
  atRest: z.boolean().optional(),
  /** The queue was seen empty for long enough. */
  drained: z.boolean().optional(),
  salvaged: z.number().optional(),
  deletedAtMs: z.number().optional(),
  deferred: z.array(z.string()).optional(),
  /** The queue's visibility timeout is being raised because tasks will run longer than it. */
  raises: z.boolean().optional(),
});

/** What a step remembers from one of its own rounds to the next. */
const waitSchema = z.object({
  ticketMs: z.number().optional(),
  /** The change is made; only its taking effect is waited for. */
  sent: z.boolean().optional(),
  /** It is there, though this run has not made it. */
  seen: z.boolean().optional(),
  sinceMs: z.number().optional(),
  emptySinceMs: z.number().optional(),
  /** Since when the mapping is off, so that nothing runs while its limits change. */
  restSinceMs: z.number().optional(),
  /** Since when something that should be there is out of sight. */
  missingSinceMs: z.number().optional(),
});

const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
});

export const stateSchema = z.object({
  pipelineId: z.string(),
  verify: z.boolean().default(false),
  reason: z.string().default(''),
  /** The fence that the last step's attempt held. */
  fence: z.number().default(0),
  outcome: z.enum(['done', 'again', 'restart', 'over', 'failed']).default('done'),
  afterSeconds: z.number().default(0),
  /** Which branch to take. */
  run: z.string().default(''),
  memo: memoSchema.default({}),
  wait: waitSchema.default({}),
  failure: failureSchema.optional(),
  /** What a Catch puts there. */
  error: z.object({ Error: z.string(), Cause: z.string().optional() }).optional(),
});

export type Memo = z.infer<typeof memoSchema>;
export type Wait = z.infer<typeof waitSchema>;
export type StepFailure = z.infer<typeof failureSchema>;
export type LifecycleState = z.infer<typeof stateSchema>;
