import pLimit from 'p-limit';
import { pipelineNames } from '../../core/names.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { Stage } from '../stage/stage.ts';
import type { QueueLook } from '../views/pipelines.ts';

/** Looks at queues. */
export interface Looker {
  /** Takes queues' urls from status records, so that SQS need not be asked for them. */
  learn(statuses: readonly (StatusRecord | undefined)[]): void;
  /** Those without a queue are absent. */
  look(pipelineIds: readonly string[]): Promise<ReadonlyMap<string, QueueLook>>;
}

/** Pipelines that are looked at at the same time, two calls each: SQS has no limit of calls for that. */
const AT_ONCE = 24;

/** A queue's url follows from its name, so it is asked for once at the most. */
export function createLooker({ stage, ports }: Pick<Stage, 'stage'> & { readonly ports: LookPorts }): Looker {
  const urls = new Map<string, string>();
  const limit = pLimit(AT_ONCE);

  const urlOf = async (queue: string): Promise<string | undefined> => {
    const known = urls.get(queue) ?? (await ports.queues.find(queue));
    if (known !== undefined) urls.set(queue, known);
    return known;
  };
  const countsOf = async (queue: string) => {
    const url = await urlOf(queue);
    return url === undefined ? undefined : (await ports.queues.read(url))?.counts;
  };
  const lookAt = async (pipelineId: string): Promise<QueueLook | undefined> => {
    const { queue, deadLetterQueue } = pipelineNames(stage, pipelineId);
    const [counts, letters] = await Promise.all([countsOf(queue), countsOf(deadLetterQueue)]);
    if (counts === undefined) return undefined;
    return {
      atMs: ports.clock.nowMs(),
      waiting: counts.visible,
      running: counts.inFlight,
      delayed: counts.delayed,
      // One that is in flight is being looked at, or redriven: it is a dead letter all the same.
      deadLetters: letters === undefined ? 0 : letters.visible + letters.inFlight,
    };
  };

  return {
    learn(statuses) {
      for (const status of statuses) {
        if (status === undefined) continue;
        const names = pipelineNames(stage, status.pipelineId);
        if (status.queueUrl !== undefined) urls.set(names.queue, status.queueUrl);
        if (status.deadLetterQueueUrl !== undefined) {
          urls.set(names.deadLetterQueue, status.deadLetterQueueUrl);
        }
      }
    },

    async look(pipelineIds) {
      const looks = await Promise.all(
        pipelineIds.map((id) => limit(async () => [id, await lookAt(id)] as const)),
      );
      return new Map(looks.flatMap(([id, one]) => (one === undefined ? [] : [[id, one] as const])));
    },
  };
}

type LookPorts = Pick<Stage['ports'], 'queues' | 'clock'>;
