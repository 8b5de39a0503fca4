import type { OutgoingMessage, Page, QueueState, TaskQueues } from '../../../aws/ports.ts';
import type { QueueChange } from '../../../core/lifecycle/differences.ts';
import type { QueueSpec } from '../../../core/lifecycle/target.ts';
import type { Laws } from './laws.ts';
import { pageAfter } from './paging.ts';
import { QueueRegister } from './queue-register.ts';
import { newQueue, queueNameOf, type SimulatedQueue } from './queue-state.ts';
import { QueueTraffic } from './queue-traffic.ts';
import type { Sync } from './sync.ts';

/** SQS, by its rules: queues themselves are made, changed and deleted here; messages are its traffic's. */
export class SimulatedQueues implements Sync<TaskQueues> {
  readonly traffic: QueueTraffic;
  readonly #laws: Laws;
  readonly #register: QueueRegister;

  constructor(laws: Laws) {
    this.#laws = laws;
    this.#register = new QueueRegister(laws);
    this.traffic = new QueueTraffic(laws, this.#register);
  }

  get byName(): ReadonlyMap<string, SimulatedQueue> {
    return this.#register.byName;
  }

  find(name: string): string | undefined {
    return this.byName.get(name)?.url;
  }

  create(spec: QueueSpec) {
    const existing = this.byName.get(spec.name);
    if (existing) return sameAttributes(existing, spec) ? created(existing) : ({ kind: 'differs' } as const);
    if (this.#register.graveOf(spec.name)) return { kind: 'nameBlocked' } as const;
    const queue = newQueue(spec.name, this.#laws.clock.nowMs(), spec);
    this.#register.add(queue);
    return created(queue);
  }

  tags(url: string): Readonly<Record<string, string>> | undefined {
    return this.#register.usable(url)?.tags;
  }

  read(url: string): QueueState | undefined {
    const { clock, chance, nature } = this.#laws;
    const queue = this.#register.usable(url);
    if (queue === undefined) return undefined;
    const nowMs = clock.nowMs();
    this.traffic.expire(queue);
    const redrive = queue.redrive.readable(nowMs);
    return {
      url: queue.url,
      arn: queue.arn,
      visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds.readable(nowMs),
      messageRetentionSeconds: queue.messageRetentionSeconds.readable(nowMs),
      ...(redrive ? { redrive } : {}),
      closed: queue.closed.readable(nowMs),
      sealed: queue.sealed.readable(nowMs),
      counts: queue.messages.counts(nowMs, chance.between(...nature.countLagMs)),
    };
  }

  change(url: string, change: QueueChange): 'done' | 'gone' {
    const { clock, chance, nature } = this.#laws;
    const queue = this.#register.usable(url);
    if (queue === undefined) return 'gone';
    const nowMs = clock.nowMs();
    const inForceMs = nowMs + chance.between(...nature.attributesMs);
    const until = {
      inForceMs,
      readableMs: chance.happens(nature.staleReads) ? inForceMs : nowMs,
    };
    const { visibilityTimeoutSeconds, messageRetentionSeconds, redrive, closed, sealed } = change;
    if (visibilityTimeoutSeconds !== undefined) {
      queue.visibilityTimeoutSeconds.set(visibilityTimeoutSeconds, until);
    }
    if (messageRetentionSeconds !== undefined) {
      const retentionMs = nowMs + chance.between(...nature.retentionMs);
      queue.messageRetentionSeconds.set(messageRetentionSeconds, { ...until, inForceMs: retentionMs });
    }
    if (redrive !== undefined) queue.redrive.set(redrive, until);
    if (closed !== undefined || sealed) queue.closed.set(closed === true || sealed === true, until);
    if (closed !== undefined || sealed) queue.sealed.set(sealed === true, until);
    return 'done';
  }

  delete(url: string, byHand = false): 'deleted' | 'gone' {
    const queue = this.byName.get(queueNameOf(url));
    if (queue === undefined) return 'gone';
    this.traffic.expire(queue);
    this.#register.bury(queue, byHand);
    for (const message of queue.messages.all())
      this.traffic.onLoss(queue.name, message, byHand ? 'byHand' : 'queueDeleted');
    return 'deleted';
  }

  page(namePrefix: string, cursor: string | undefined): Page<string> {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
    const { items, cursor: next } = pageAfter(this.#register.names(), cursor, 1000, (name) =>
      name.startsWith(namePrefix),
    );
    const urls = items.map((name) => this.byName.get(name)?.url ?? '');
    return { items: urls, ...(next === undefined ? {} : { cursor: next }) };
  }

  cancelRedrives(): void {}

  send(url: string, messages: readonly OutgoingMessage[]) {
    return this.traffic.send(url, messages);
  }

  receive(url: string, visibilityTimeoutSeconds: number) {
    return this.traffic.receive(url, visibilityTimeoutSeconds);
  }

  putBack(url: string, receipts: readonly string[]) {
    this.traffic.putBack(url, receipts);
  }

  deleteMessages(url: string, receipts: readonly string[]) {
    return this.traffic.deleteMessages(url, receipts);
  }
}

function created(queue: SimulatedQueue) {
  return { kind: 'created', url: queue.url } as const;
}

function sameAttributes(queue: SimulatedQueue, spec: QueueSpec): boolean {
  const { wanted } = queue.redrive;
  return (
    queue.visibilityTimeoutSeconds.wanted === spec.visibilityTimeoutSeconds &&
    queue.messageRetentionSeconds.wanted === spec.messageRetentionSeconds &&
    wanted?.deadLetterQueueArn === spec.redrive?.deadLetterQueueArn &&
    wanted?.maxReceiveCount === spec.redrive?.maxReceiveCount
  );
}
