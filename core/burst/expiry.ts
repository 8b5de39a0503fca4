/**
 * How long a part of a burst is kept in the table after it was last written: longer than SQS keeps a message in a queue
 * and then in a dead-letter queue, 14 days each.
 */
const PARTS_KEPT_SECONDS = 30 * 86_400;

/** @returns epoch seconds, as DynamoDB's TTL has them */
export function partExpiresAt(nowMs: number): number {
  return Math.ceil(nowMs / 1000) + PARTS_KEPT_SECONDS;
}
