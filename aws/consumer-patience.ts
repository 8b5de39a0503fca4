/**
 * A task is waiting: better an attempt that is not counted than one that takes all its time. Two tries of a second,
 * and a consumer in a VPC without a way to SQS and DynamoDB is told so in its log.
 */
export const CONSUMER_PATIENCE = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
};
