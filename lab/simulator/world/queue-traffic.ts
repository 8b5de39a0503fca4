import type { OutgoingMessage, QueueMessage, SendFailure } from '../../../aws/ports.ts';
import { SQS_BATCH_BYTES, SQS_BATCH_ENTRIES, SQS_MAX_DELAY_SECONDS } from '../../../core/aws-limits.ts';
import { refused } from './failures.ts';
import type { Laws } from './laws.ts';
import type { StoredMessage } from './messages.ts';
import type { QueueRegister } from './queue-register.ts';
import { queueNameOf, type Redrive, received, type SimulatedQueue } from './queue-state.ts';

/** What became of a message that nobody deleted. */
type Loss =
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

/** Messages on their way into queues and out of them. */
export class QueueTraffic {
  /** Told when messages of a queue can be received, now or later. */
  onArrival: (queue: SimulatedQueue) => void = () => {};
  onLoss: (queueName: string, message: StoredMessage, loss: Loss) => void = () => {};
  readonly #laws: Laws;
  readonly #register: QueueRegister;
  #ids = 0;

  constructor(laws: Laws, register: QueueRegister) {
    this.#laws = laws;
    this.#register = register;
  }

  send(url: string, messages: readonly OutgoingMessage[]): readonly SendFailure[] {
    if (messages.length === 0) return [];
    refuseTooMany(messages);
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

  receive(url: string, visibilityTimeoutSeconds: number): readonly QueueMessage[] {
    const { chance, nature } = this.#laws;
    const queue = this.#register.usable(url);
    if (queue === undefined) throw refused('sqs:ReceiveMessage', 'QueueDoesNotExist', url);
    const messages: QueueMessage[] = [];
    while (messages.length < SQS_BATCH_ENTRIES) {
      if (chance.happens(nature.shortPollMisses)) break;
      const message = this.take(queue, visibilityTimeoutSeconds);
      if (message === undefined) break;
      messages.push(received(message));
    }
    return messages;
  }

  /** Takes the next message that can be received, as a receive does; moves those received too often. */
  take(queue: SimulatedQueue, visibilityTimeoutSeconds: number): StoredMessage | undefined {
    const { clock, chance, nature } = this.#laws;
    const nowMs = clock.nowMs();
    for (;;) {
      const message = queue.messages.next();
      if (message === undefined || message.visibleAtMs > nowMs) return undefined;
      if (nowMs - message.sentAtMs >= queue.messageRetentionSeconds.inForce(nowMs) * 1000) {
        this.expire(queue);
        continue;
      }
      const redrive = queue.redrive.inForce(nowMs);
      if (redrive && message.receiveCount >= redrive.maxReceiveCount && this.#move(queue, redrive, message))
        continue;
      message.receiveCount += 1;
      this.#ids += 1;
      message.receipt = `${message.messageId}#${this.#ids}`;
      // Seldom SQS hands a message out again at once: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
      const again = chance.happens(nature.duplicateMessages);
      queue.messages.hide(message, again ? nowMs + 1 : nowMs + visibilityTimeoutSeconds * 1000);
      this.onArrival(queue);
      return { ...message };
    }
  }

  putBack(url: string, receipts: readonly string[]): void {
    if (receipts.length === 0) return;
    refuseTooMany(receipts);
    const queue = this.#register.usable(url);
    if (queue === undefined) throw refused('sqs:ChangeMessageVisibility', 'QueueDoesNotExist', url);
    for (const receipt of receipts) this.changeVisibility(queue, receipt, 0);
  }

  deleteMessages(url: string, receipts: readonly string[]): readonly string[] {
    if (receipts.length === 0) return [];
    refuseTooMany(receipts);
    const queue = this.#register.byName.get(queueNameOf(url));
    if (queue === undefined) throw refused('sqs:DeleteMessage', 'QueueDoesNotExist', url);
    for (const receipt of receipts) this.deleteMessage(queue, receipt);
    return [];
  }

  deleteMessage(queue: SimulatedQueue, receipt: string): void {
    const message = queue.messages.get(receipt.split('#')[0] ?? '');
    // An older receipt is accepted, and the message stays: it was received again since.
    if (message?.receipt === receipt) queue.messages.remove(message, this.#laws.clock.nowMs());
  }

  changeVisibility(queue: SimulatedQueue, receipt: string, seconds: number): void {
    const message = queue.messages.get(receipt.split('#')[0] ?? '');
    if (message?.receipt !== receipt) return;
    queue.messages.hide(message, this.#laws.clock.nowMs() + seconds * 1000);
    this.onArrival(queue);
  }

  /** Drops what is older than the queue's retention. */
  expire(queue: SimulatedQueue): void {
    const nowMs = this.#laws.clock.nowMs();
    for (const message of queue.messages.expire(queue.messageRetentionSeconds.inForce(nowMs) * 1000, nowMs)) {
      const early = nowMs - message.sentAtMs < message.promisedMs;
      this.onLoss(queue.name, message, early ? 'expiredEarly' : 'expired');
    }
  }

  /** Moves a message that was received too often; its first enqueue time goes with it. */
  #move(queue: SimulatedQueue, redrive: Redrive, message: StoredMessage): boolean {
    const deadLetters = this.#register.byName.get(queueNameOf(redrive.deadLetterQueueArn));
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
    const { clock, chance } = this.#laws;
    const nowMs = clock.nowMs();
    const live = this.#register.byName.get(name);
    const queue = live ?? this.#register.graveOf(name)?.queue;
    const isSeen = live === undefined ? chance.happens(0.5) : this.#register.usable(live.url) !== undefined;
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
    if (this.#register.byName.get(name) !== queue) {
      this.onLoss(name, stored, this.#register.graveOf(name)?.byHand ? 'byHand' : 'sentToDeleted');
      return;
    }
    queue.messages.put(stored);
    this.onArrival(queue);
  }
}

function refuseTooMany(entries: readonly unknown[]): void {
  if (entries.length > SQS_BATCH_ENTRIES)
    throw refused('sqs:Batch', 'TooManyEntriesInBatchRequest', 'more than 10');
}
