/**
 * A task is waiting: better an attempt that is not counted than one that takes all its time. Two tries of a second,
 * and a consumer in a VPC without a way to SQS and DynamoDB is told so in its log.
 */
export const CONSUMER_PATIENCE = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
};

/**
 * Of notes of bursts, which have a limit of their own (consumer/burst-ends.ts): a process that has to wait for its CPU
 * takes longer than half a second to connect, and a table that answers slowly has answered. Two tries within the five
 * seconds of a task's end; a third is for what is refused at once.
 */
export const NOTE_PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_500, requestTimeout: 2_500, throwOnRequestTimeout: true },
};
