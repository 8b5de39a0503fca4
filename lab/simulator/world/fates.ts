import { type Fate, fateOf, retryOf, type TaskOutcome } from '../../../consumer/fate.ts';
import { deadLetterOf } from '../../../core/dead-letter.ts';
import { deadLetterQueueOf } from '../../../core/names.ts';
import type { Laws } from './laws.ts';
import type { StoredMessage } from './messages.ts';
import type { SimulatedQueue } from './queue-state.ts';
import type { SimulatedQueues } from './queues.ts';

/** Which attempt a receive of a message began. */
export interface Begun {
  readonly attempt: number;
  readonly maxAttempts: number;
}

/** What becomes of the messages of simulated consumers: the runtime's own decisions, carried out at once. */
export class Fates {
  readonly #parts: Laws & { readonly queues: SimulatedQueues };
  /** The flow table: the receives of each message that were attempts. */
  readonly #attempts = new Map<string, Set<number>>();

  constructor(parts: Laws & { readonly queues: SimulatedQueues }) {
    this.#parts = parts;
  }

  /** Counts as consumer/attempts.ts does. */
  begin(message: StoredMessage, maxAttempts: number): Begun {
    const attempt = message.receiveCount <= 1 ? 1 : this.#note(message);
    return { attempt, maxAttempts };
  }

  settle(queue: SimulatedQueue, message: StoredMessage, outcome: TaskOutcome, begun: Begun): Fate {
    const tries = { ...begun, receives: message.receiveCount, random: () => this.#parts.chance.next() };
    const wanted = fateOf(outcome, tries);
    const fate =
      wanted.kind === 'deadLetter' && !this.#bury(queue, message, wanted.reason, begun)
        ? retryOf(tries)
        : wanted;
    const { traffic } = this.#parts.queues;
    if (fate.kind === 'retry') {
      if (outcome.kind === 'exhausted') this.#attempts.get(message.messageId)?.delete(message.receiveCount);
      else this.#note(message);
      traffic.changeVisibility(queue, message.receipt, fate.afterSeconds);
    } else if (fate.kind === 'giveBack') {
      traffic.changeVisibility(queue, message.receipt, fate.afterSeconds);
    } else {
      this.#attempts.delete(message.messageId);
      traffic.deleteMessage(queue, message.receipt);
    }
    return fate;
  }

  #note({ messageId, receiveCount }: StoredMessage): number {
    const noted = this.#attempts.get(messageId) ?? new Set();
    this.#attempts.set(messageId, noted.add(receiveCount));
    return noted.size;
  }

  #bury(queue: SimulatedQueue, message: StoredMessage, reason: string, { attempt }: Begun): boolean {
    const { queues, clock } = this.#parts;
    const url = queues.byName.get(deadLetterQueueOf(queue.name))?.url;
    if (url === undefined) return false;
    const { body, attributes, sentAtMs, messageId } = message;
    const letter = deadLetterOf(body, attributes, {
      reason,
      attempts: attempt,
      firstSentAtMs: sentAtMs,
      lastAttemptAtMs: clock.nowMs(),
      messageId,
    });
    try {
      queues.traffic.send(url, [{ id: messageId, body, attributes: letter.attributes }]);
      return true;
    } catch {
      return false;
    }
  }
}
