/** One change of a config record, as DynamoDB Streams tells it. Only that there was one matters. */
export interface ConfigChange {
  readonly pipelineId: string;
  /** Unique per stream record, the same in every delivery of it. */
  readonly eventId: string;
  readonly sequenceNumber: string;
}

/** One execution to start: it stands for all changes of its pipeline in the batch. */
export interface WantedExecution {
  readonly pipelineId: string;
  readonly name: string;
  /** The earliest change it stands for: where a retry of the batch has to begin. */
  readonly sequenceNumber: string;
}

/**
 * One execution per pipeline, however many of its changes a batch holds: the run reads the record anyway.
 * The name follows from the last change, so a batch delivered again starts nothing twice.
 */
export function executionsFor(changes: readonly ConfigChange[]): WantedExecution[] {
  const byPipeline = new Map<string, WantedExecution>();
  for (const { pipelineId, eventId, sequenceNumber } of changes) {
    const first = byPipeline.get(pipelineId)?.sequenceNumber ?? sequenceNumber;
    byPipeline.set(pipelineId, {
      pipelineId,
      name: executionName(pipelineId, eventId),
      sequenceNumber: first,
    });
  }
  return [...byPipeline.values()];
}

/**
 * A name for an execution about a pipeline: readable, unique by its cause, and within what Step Functions
 * allows (80 characters of `A-Z a-z 0-9 - _`), whatever a person typed as pipelineId.
 */
export function executionName(pipelineId: string, cause: string): string {
  return `${plain(pipelineId).slice(0, 40)}-${plain(cause).slice(-39)}`;
}

function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}
