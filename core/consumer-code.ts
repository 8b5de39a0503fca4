/** What the packer of consumer code, the lifecycle that creates consumers, who sends tasks and the runtime agree on. */

/** The file that a release's zip holds at its top. `.mjs`: Lambda takes it for an ES module without a package.json. */
export const CONSUMER_ENTRY = 'index.mjs';

/** The handler of every consumer: the export `handler` of {@link CONSUMER_ENTRY}. */
export const CONSUMER_HANDLER = 'index.handler';

/** Of a message that was sent with a delay: when its task is due, epoch milliseconds. SQS does not say. */
export const DUE_ATTRIBUTE = 'SluiceDue';

/** Environment variables that the lifecycle sets on a consumer and the runtime reads. */
export const CONSUMER_ENVIRONMENT = {
  stage: 'SLUICE_STAGE',
  pipelineId: 'SLUICE_PIPELINE_ID',
  maxAttempts: 'SLUICE_MAX_ATTEMPTS',
  /** The table of attempts, starts and leases. */
  flowTable: 'SLUICE_FLOW_TABLE',
  /** The table of what a group's tasks share: its hold, its breaker. */
  holdsTable: 'SLUICE_HOLDS_TABLE',
  /** The table of bursts; absent where those of the group are not counted. */
  burstsTable: 'SLUICE_BURSTS_TABLE',
  /** What the runtime keeps: core/flow/limits.ts. */
  limits: 'SLUICE_LIMITS',
} as const;
