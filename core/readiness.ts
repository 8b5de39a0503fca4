import { Refused } from './refused.ts';
import { acceptsTasks, type StatusRecord } from './status-record.ts';

/** Whether a pipeline can be sent tasks now. */
export type Readiness =
  | { readonly kind: 'ready'; readonly status: ReadyStatus }
  /** It is being made. */
  | { readonly kind: 'wait'; readonly phase: string }
  | { readonly kind: 'refused'; readonly refused: Refused };

/** The status of a pipeline that takes tasks: it has been made, and its queues have. */
export type ReadyStatus = StatusRecord &
  Required<Pick<StatusRecord, 'applied' | 'queueUrl' | 'deadLetterQueueUrl'>>;

/**
 * Judges by the status, and by whether there is a config record where the status knows of no pipeline: then
 * it has just been written and a run is on its way.
 */
export function readiness(
  pipelineId: string,
  status: StatusRecord | undefined,
  hasConfigRecord: boolean,
): Readiness {
  if (isUnknown(status)) {
    return hasConfigRecord
      ? { kind: 'wait', phase: 'Creating' }
      : refused('UnknownPipeline', unknown(pipelineId));
  }
  if (isReady(status)) return { kind: 'ready', status };
  if (status.closing !== undefined) {
    return refused(
      'Draining',
      `pipeline ${pipelineId} is ${status.phase} and takes no more tasks — add its config record again to keep it`,
    );
  }
  if (status.phase === 'Rejected' || status.phase === 'Failed') {
    const why = status.error === undefined ? '' : `: ${status.error.message}`;
    return refused('NotReady', `pipeline ${pipelineId} was never made, it is ${status.phase}${why}`);
  }
  return { kind: 'wait', phase: status.phase };
}

/** Whether the status alone says nothing of a pipeline, so that the config record has to be asked. */
export function isUnknown(status: StatusRecord | undefined): status is undefined {
  return status === undefined || status.phase === 'Deleted';
}

export function isReady(status: StatusRecord): status is ReadyStatus {
  const { queueUrl, deadLetterQueueUrl } = status;
  return acceptsTasks(status) && queueUrl !== undefined && deadLetterQueueUrl !== undefined;
}

function refused(code: Refused['code'], message: string): Readiness {
  return { kind: 'refused', refused: new Refused(code, message) };
}

function unknown(pipelineId: string): string {
  return `there is no pipeline ${pipelineId} — add a config record of that pipelineId, or correct the id`;
}
