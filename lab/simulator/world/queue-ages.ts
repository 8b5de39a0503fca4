import type { QueueAges } from '../../../aws/ports.ts';
import { pipelineNames } from '../../../core/names.ts';
import type { VirtualClock } from '../clock.ts';
import type { SimulatedQueues } from './queues.ts';
import type { Sync } from './sync.ts';

/** CloudWatch's age of the oldest message of a queue; here without its delay. */
export class SimulatedQueueAges implements Sync<QueueAges> {
  readonly #stage: string;
  readonly #clock: VirtualClock;
  readonly #queues: SimulatedQueues;

  constructor(stage: string, clock: VirtualClock, queues: SimulatedQueues) {
    this.#stage = stage;
    this.#clock = clock;
    this.#queues = queues;
  }

  oldest(pipelineIds: readonly string[]): ReadonlyMap<string, number> {
    return new Map(
      pipelineIds.flatMap((pipelineId) => {
        const queue = this.#queues.byName.get(pipelineNames(this.#stage, pipelineId).queue);
        if (queue === undefined) return [];
        const sentAtMs = [...queue.messages.all()].map((message) => message.sentAtMs);
        const ageMs = sentAtMs.length === 0 ? 0 : this.#clock.nowMs() - Math.min(...sentAtMs);
        return [[pipelineId, Math.floor(ageMs / 1000)] as const];
      }),
    );
  }
}
