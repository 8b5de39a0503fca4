import type { PipelineView } from '../../views/pipelines.ts';
import type { PipelineAnswer } from '../wire.ts';

/** Fields of the status record that say something to people; none of them holds a value of the environment. */
const STATUS_FIELDS = [
  'phase',
  'queueUrl',
  'deadLetterQueueUrl',
  'functionName',
  'eventSourceMappingId',
  'codeKey',
  'codeVersion',
  'error',
  'salvage',
  'limits',
  'overcommitted',
  'updatedAt',
  'closing',
  'resting',
  'hold',
  'measured',
  'failures',
] as const;

/** A pipeline as the page gets it. What was applied repeats the record, with its environment: it stays here. */
export function pipelineAnswer({ status, ...view }: PipelineView): PipelineAnswer {
  if (status === undefined) return view;
  const told = STATUS_FIELDS.filter((field) => status[field] !== undefined);
  return {
    ...view,
    status: Object.fromEntries(told.map((field) => [field, status[field]])),
  };
}
