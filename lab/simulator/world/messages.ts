import type { QueueCounts, QueueMessage } from '../../../aws/ports.ts';

/** One message as its queue keeps it. */
export interface StoredMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: QueueMessage['attributes'];
  /** When it first entered any queue: a move to a standard dead-letter queue keeps it. */
  readonly sentAtMs: number;
  /** When it entered this queue. */
  readonly arrivedAtMs: number;
  /** Least retention promised when it was sent, milliseconds. */
  readonly promisedMs: number;
  visibleAtMs: number;
  receiveCount: number;
  /** The receipt of its last receive; no other deletes it. */
  receipt: string;
  readonly order: number;
}

/**
 * A heap of messages by the time at which they can be received, oldest first among those that can.
 * Entries of messages that are gone, or were hidden since, are dropped when they come up.
 */
class ReadyHeap {
  readonly #items: { readonly atMs: number; readonly message: StoredMessage }[] = [];

  push(message: StoredMessage): void {
    const items = this.#items;
    const entry = { atMs: message.visibleAtMs, message };
    let at = items.length;
    items.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !sooner(entry, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = entry;
  }

  /** The next message that still stands here as it was put, without taking it. */
  peek(isHere: (message: StoredMessage) => boolean): StoredMessage | undefined {
    for (;;) {
      const first = this.#items[0];
      if (first === undefined) return undefined;
      if (first.message.visibleAtMs === first.atMs && isHere(first.message)) return first.message;
      this.pop();
    }
  }

  pop(): void {
    const items = this.#items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const right = items[child + 1];
      let least = items[child];
      if (least === undefined) break;
      if (right !== undefined && sooner(right, least)) {
        child += 1;
        least = right;
      }
      if (!sooner(least, last)) break;
      items[at] = least;
      at = child;
    }
    items[at] = last;
  }
}

function sooner(
  a: { readonly atMs: number; readonly message: StoredMessage },
  b: { readonly atMs: number; readonly message: StoredMessage },
): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.message.order < b.message.order);
}

/** The messages of one queue. */
export class Messages {
  readonly #byId = new Map<string, StoredMessage>();
  readonly #ready = new ReadyHeap();
  /** When messages left, for counts that still know of them. */
  #left: number[] = [];

  get size(): number {
    return this.#byId.size;
  }

  all(): Iterable<StoredMessage> {
    return this.#byId.values();
  }

  put(message: StoredMessage): void {
    this.#byId.set(message.messageId, message);
    this.#ready.push(message);
  }

  get(messageId: string): StoredMessage | undefined {
    return this.#byId.get(messageId);
  }

  remove(message: StoredMessage, nowMs: number): void {
    if (this.#byId.delete(message.messageId)) this.#left.push(nowMs);
  }

  hide(message: StoredMessage, untilMs: number): void {
    message.visibleAtMs = untilMs;
    this.#ready.push(message);
  }

  /** The message to be received next: now, or the first to come. */
  next(): StoredMessage | undefined {
    return this.#ready.peek((message) => this.#byId.get(message.messageId) === message);
  }

  /** Drops what is older than the retention, and says what. */
  expire(retentionMs: number, nowMs: number): StoredMessage[] {
    const old = [...this.#byId.values()].filter((message) => nowMs - message.sentAtMs >= retentionMs);
    for (const message of old) this.remove(message, nowMs);
    return old;
  }

  /**
   * What SQS answers when asked how many there are: what came within the last `lagMs` may be missing, and
   * what went within it may still be counted.
   */
  counts(nowMs: number, lagMs: number): QueueCounts {
    let visible = 0;
    let delayed = 0;
    this.#left = this.#left.filter((leftMs) => leftMs > nowMs - 60_000);
    let inFlight = this.#left.filter((leftMs) => leftMs > nowMs - lagMs).length;
    for (const message of this.#byId.values()) {
      if (message.arrivedAtMs > nowMs - lagMs) continue;
      if (message.visibleAtMs <= nowMs) visible += 1;
      else if (message.receiveCount === 0) delayed += 1;
      else inFlight += 1;
    }
    return { visible, delayed, inFlight };
  }
}
