import pLimit from 'p-limit';
import { pipelineNames } from '../core/names.ts';
import { type HealthSample, NO_CALLS } from '../core/release/health.ts';
import type { TaskQueues } from './ports.ts';

const QUEUES_AT_ONCE = 8;

/**
 * A sample of no length for each pipeline that has a dead-letter queue: what is in it now, by SQS's own count. A metric
 * of it may come minutes late.
 * IAM: sqs:GetQueueUrl and sqs:GetQueueAttributes on the queues.
 * @param atMs now, epoch milliseconds
 */
export async function readDeadLetters(
  queues: Pick<TaskQueues, 'find' | 'read'>,
  stage: string,
  pipelineIds: readonly string[],
  atMs: number,
): Promise<Map<string, HealthSample>> {
  const limit = pLimit(QUEUES_AT_ONCE);
  const found = new Map<string, HealthSample>();
  const look = async (pipelineId: string) => {
    const url = await queues.find(pipelineNames(stage, pipelineId).deadLetterQueue);
    const state = url === undefined ? undefined : await queues.read(url);
    if (state === undefined) return;
    found.set(pipelineId, { atMs, spanMs: 0, ...NO_CALLS, deadLetters: state.counts.visible });
  };
  await Promise.all(pipelineIds.map((id) => limit(() => look(id))));
  return found;
}

/** The samples of each pipeline with the one of now at their end. */
export function withNow(
  pipelineIds: readonly string[],
  samples: ReadonlyMap<string, readonly HealthSample[]>,
  now: ReadonlyMap<string, HealthSample>,
): Map<string, readonly HealthSample[]> {
  return new Map(
    pipelineIds.flatMap((id) => {
      const last = now.get(id);
      const all = [...(samples.get(id) ?? []), ...(last === undefined ? [] : [last])];
      return all.length === 0 ? [] : [[id, all] as const];
    }),
  );
}
