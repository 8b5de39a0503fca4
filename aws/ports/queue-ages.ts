/** How long messages have waited: SQS itself does not say, CloudWatch does, for money. */
export interface QueueAges {
  /**
   * The age of the oldest message in the queue of each pipeline, seconds, as of some minutes ago; a pipeline of which nothing
   * is known is absent. One call for up to 500.
   */
  oldest(pipelineIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
