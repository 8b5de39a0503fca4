import type {
  OutgoingMessage,
  Page,
  QueueMessage,
  QueueState,
  SendFailure,
  TaskQueues,
} from '../../../aws/ports.ts';
import {
  QUEUE_NAME_BLOCKED_SECONDS,
  QUEUE_USABLE_AFTER_SECONDS,
  SQS_BATCH_BYTES,
  SQS_BATCH_ENTRIES,
  SQS_MAX_DELAY_SECONDS,
} from '../../../core/aws-limits.ts';
import type { QueueChange } from '../../../core/lifecycle/differences.ts';
import type { QueueSpec } from '../../../core/lifecycle/target.ts';
import { refused } from './failures.ts';
import type { Laws } from './laws.ts';
import type { StoredMessage } from './messages.ts';
import { pageAfter } from './paging.ts';
import { newQueue, queueNameOf, received, type SimulatedQueue } from './queue-state.ts';
import type { Sync } from './sync.ts';

/** What became of a message that nobody deleted. */
export type Loss =
  /** The queue was deleted with it. */
  | 'queueDeleted'
  /** It was sent in the minute after the queue was deleted. */
  | 'sentToDeleted'
  /** The same two, but a person deleted the queue, past Sluice. */
  | 'byHand'
  /** It grew older than the queue's retention. */
  | 'expired'
  /** The same, but when it was sent it was promised longer. */
  | 'expiredEarly';

interface Grave {
  readonly queue: SimulatedQueue;
  readonly deletedAtMs: number;
  readonly byHand: boolean;
}

/** SQS, by its rules. */
export class SimulatedQueues implements Sync<TaskQueues> {
  readonly byName = new Map<string, SimulatedQueue>();
  /** Told when messages of a queue can be received, now or later. */
  onArrival: (queue: SimulatedQueue) => void = () => {};
  onLoss: (queueName: string, message: StoredMessage, loss: Loss) => void = () => {};
  readonly #graves = new Map<string, Grave>();
  readonly #laws: Laws;
  /** All names in order, made anew when asked for after a change. */
  #names: string[] | undefined;
  #ids = 0;

  constructor(laws: Laws) {
    this.#laws = laws;
  }

  find(name: string): string | undefined {
    return this.byName.get(name)?.url;
  }

  create(spec: QueueSpec) {
    const nowMs = this.#laws.clock.nowMs();
    const existing = this.byName.get(spec.name);
    if (existing) return sameAttributes(existing, spec) ? created(existing) : ({ kind: 'differs' } as const);
    const grave = this.#graves.get(spec.name);
    if (grave && nowMs < grave.deletedAtMs + QUEUE_NAME_BLOCKED_SECONDS * 1000) {
      return { kind: 'nameBlocked' } as const;
    }
    const queue = newQueue(spec.name, nowMs, spec);
    this.byName.set(spec.name, queue);
    this.#names = undefined;
    return created(queue);
  }

  tags(url: string): Readonly<Record<string, string>> | undefined {
    return this.#usable(url)?.tags;
  }

  read(url: string): QueueState | undefined {
    const queue = this.#usable(url);
    if (queue === undefined) return undefined;
    const nowMs = this.#laws.clock.nowMs();
    this.#expire(queue, nowMs);
    const redrive = queue.redrive.readable(nowMs);
    return {
      url: queue.url,
      arn: queue.arn,
      visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds.readable(nowMs),
      messageRetentionSeconds: queue.messageRetentionSeconds.readable(nowMs),
      ...(redrive ? { redrive } : {}),
      closed: queue.closed.readable(nowMs),
      sealed: queue.sealed.readable(nowMs),
      counts: queue.messages.counts(nowMs, this.#laws.chance.between(...this.#laws.nature.countLagMs)),
    };
  }

  change(url: string, change: QueueChange): 'done' | 'gone' {
    const queue = this.#usable(url);
    if (queue === undefined) return 'gone';
    const nowMs = this.#laws.clock.nowMs();
    const inForceMs = nowMs + this.#laws.chance.between(...this.#laws.nature.attributesMs);
    const until = {
      inForceMs,
      readableMs: this.#laws.chance.happens(this.#laws.nature.staleReads) ? inForceMs : nowMs,
    };
    const { visibilityTimeoutSeconds, messageRetentionSeconds, redrive, closed, sealed } = change;
    if (visibilityTimeoutSeconds !== undefined) {
      queue.visibilityTimeoutSeconds.set(visibilityTimeoutSeconds, until);
    }
    if (messageRetentionSeconds !== undefined) {
      const retentionMs = nowMs + this.#laws.chance.between(...this.#laws.nature.retentionMs);
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
    const deletedAtMs = this.#laws.clock.nowMs();
    this.#expire(queue, deletedAtMs);
    this.byName.delete(queue.name);
    this.#names = undefined;
    this.#graves.set(queue.name, { queue, deletedAtMs, byHand });
    for (const message of queue.messages.all())
      this.onLoss(queue.name, message, byHand ? 'byHand' : 'queueDeleted');
    return 'deleted';
  }

  receive(url: string, visibilityTimeoutSeconds: number): readonly QueueMessage[] {
    const queue = this.#usable(url);
    if (queue === undefined) throw refused('sqs:ReceiveMessage', 'QueueDoesNotExist', url);
    const messages: QueueMessage[] = [];
    while (messages.length < SQS_BATCH_ENTRIES) {
      if (this.#laws.chance.happens(this.#laws.nature.shortPollMisses)) break;
      const message = this.take(queue, visibilityTimeoutSeconds);
      if (message === undefined) break;
      messages.push(received(message));
    }
    return messages;
  }

  deleteMessages(url: string, receipts: readonly string[]): readonly string[] {
    if (receipts.length === 0) return [];
    const queue = this.byName.get(queueNameOf(url));
    if (receipts.length > SQS_BATCH_ENTRIES)
      throw refused('sqs:Batch', 'TooManyEntriesInBatchRequest', 'more than 10');
    if (queue === undefined) throw refused('sqs:DeleteMessage', 'QueueDoesNotExist', url);
    for (const receipt of receipts) this.deleteMessage(queue, receipt);
    return [];
  }

  send(url: string, messages: readonly OutgoingMessage[]): readonly SendFailure[] {
    if (messages.length === 0) return [];
    if (messages.length > SQS_BATCH_ENTRIES)
      throw refused('sqs:Batch', 'TooManyEntriesInBatchRequest', 'more than 10');
    const bytes = messages.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
    if (bytes > SQS_BATCH_BYTES)
      throw refused('sqs:SendMessage', 'BatchRequestTooLong', `${bytes} bytes together`);
    if (new Set(messages.map(({ id }) => id)).size < messages.length) {
      throw refused('sqs:SendMessage', 'BatchEntryIdsNotDistinct', 'an id twice in one batch');
    }
    const target = this.#sendTarget(queueNameOf(url));
    return messages.flatMap((message) => {
      const { delaySeconds = 0 } = message;
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > SQS_MAX_DELAY_SECONDS) {
        return [{ id: message.id, code: 'InvalidParameterValue', senderFault: true }];
      }
      this.#accept(target, message, delaySeconds);
      return [];
    });
  }

  page(namePrefix: string, cursor: string | undefined): Page<string> {
    this.#names ??= [...this.byName.keys()].sort();
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
    const { items, cursor: next } = pageAfter(this.#names, cursor, 1000, (name) =>
      name.startsWith(namePrefix),
    );
    const urls = items.map((name) => this.byName.get(name)?.url ?? '');
    return { items: urls, ...(next === undefined ? {} : { cursor: next }) };
  }

  cancelRedrives(): void {}

  /** Takes the next message that can be received, as a receive does; moves those received too often. */
  take(queue: SimulatedQueue, visibilityTimeoutSeconds: number): StoredMessage | undefined {
    const nowMs = this.#laws.clock.nowMs();
    for (;;) {
      const message = queue.messages.next();
      if (message === undefined || message.visibleAtMs > nowMs) return undefined;
      if (nowMs - message.sentAtMs >= queue.messageRetentionSeconds.inForce(nowMs) * 1000) {
        this.#expire(queue, nowMs);
        continue;
      }
      const redrive = queue.redrive.inForce(nowMs);
      if (redrive && message.receiveCount >= redrive.maxReceiveCount && this.#bury(queue, redrive, message))
        continue;
      message.receiveCount += 1;
      this.#ids += 1;
      message.receipt = `${message.messageId}#${this.#ids}`;
      // Seldom SQS hands a message out again at once: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
      const again = this.#laws.chance.happens(this.#laws.nature.duplicateMessages);
      queue.messages.hide(message, again ? nowMs + 1 : nowMs + visibilityTimeoutSeconds * 1000);
      this.onArrival(queue);
      return { ...message };
    }
  }

  deleteMessage(queue: SimulatedQueue, receipt: string): void {
    const message = queue.messages.get(receipt.split('#')[0] ?? '');
    // An older receipt is accepted, and the message stays: it was received again since.
    if (message?.receipt === receipt) queue.messages.remove(message, this.#laws.clock.nowMs());
  }

  /** Moves a message that was received too often; its first enqueue time goes with it. */
  #bury(queue: SimulatedQueue, redrive: Redrive, message: StoredMessage): boolean {
    const deadLetters = this.byName.get(queueNameOf(redrive.deadLetterQueueArn));
    if (deadLetters === undefined) return false;
    const nowMs = this.#laws.clock.nowMs();
    queue.messages.remove(message, nowMs);
    this.#ids += 1;
    deadLetters.messages.put({
      ...message,
      arrivedAtMs: nowMs,
      visibleAtMs: nowMs,
      receiveCount: 0,
      receipt: '',
      order: this.#ids,
    });
    return true;
  }

  /** Where messages to a name go: its queue, or for a minute after its deletion nowhere, although it succeeds. */
  #sendTarget(name: string): SimulatedQueue {
    const nowMs = this.#laws.clock.nowMs();
    const live = this.byName.get(name);
    const grave = this.#graves.get(name);
    const dying =
      grave && nowMs < grave.deletedAtMs + QUEUE_NAME_BLOCKED_SECONDS * 1000 ? grave.queue : undefined;
    const queue = live ?? dying;
    const isSeen = live === undefined ? this.#laws.chance.happens(0.5) : this.#usable(live.url) !== undefined;
    if (queue === undefined || (!isSeen && !queue.closed.inForce(nowMs))) {
      throw refused('sqs:SendMessage', 'QueueDoesNotExist', name);
    }
    if (queue.closed.inForce(nowMs)) throw refused('sqs:SendMessage', 'AccessDenied', name);
    return queue;
  }

  #accept(queue: SimulatedQueue, message: OutgoingMessage, delaySeconds: number): void {
    const nowMs = this.#laws.clock.nowMs();
    const { messageRetentionSeconds: retention, name } = queue;
    this.#ids += 1;
    const stored: StoredMessage = {
      messageId: `m${this.#ids}`,
      body: message.body,
      attributes: message.attributes ?? {},
      sentAtMs: nowMs,
      arrivedAtMs: nowMs,
      promisedMs: Math.min(retention.wanted, retention.inForce(nowMs)) * 1000,
      visibleAtMs: nowMs + delaySeconds * 1000,
      receiveCount: 0,
      receipt: '',
      order: this.#ids,
    };
    if (this.byName.get(name) !== queue) {
      this.onLoss(name, stored, this.#graves.get(name)?.byHand ? 'byHand' : 'sentToDeleted');
      return;
    }
    queue.messages.put(stored);
    this.onArrival(queue);
  }

  #expire(queue: SimulatedQueue, nowMs: number): void {
    for (const message of queue.messages.expire(queue.messageRetentionSeconds.inForce(nowMs) * 1000, nowMs)) {
      const early = nowMs - message.sentAtMs < message.promisedMs;
      this.onLoss(queue.name, message, early ? 'expiredEarly' : 'expired');
    }
  }

  /** In its first second a new queue is not known everywhere. */
  #usable(url: string): SimulatedQueue | undefined {
    const queue = this.byName.get(queueNameOf(url));
    if (queue === undefined) return undefined;
    const isNew = this.#laws.clock.nowMs() < queue.createdAtMs + QUEUE_USABLE_AFTER_SECONDS * 1000;
    return isNew && this.#laws.chance.happens(this.#laws.nature.newQueueUnknown) ? undefined : queue;
  }
}

type Redrive = NonNullable<QueueSpec['redrive']>;

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
