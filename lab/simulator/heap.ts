/** Something to do at a time; `order` keeps first come, first served among equals. */
export interface Timer {
  readonly timeMs: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

function before(a: Timer, b: Timer): boolean {
  return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.order < b.order);
}

/**
 * A binary min-heap of timers: push and pop in O(log n).
 * @see https://en.wikipedia.org/wiki/Binary_heap
 */
export class TimerHeap {
  readonly #items: Timer[] = [];

  get size(): number {
    return this.#items.length;
  }

  peek(): Timer | undefined {
    return this.#items[0];
  }

  push(timer: Timer): void {
    const items = this.#items;
    let at = items.length;
    items.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as Timer;
      if (!before(timer, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = timer;
  }

  pop(): Timer | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1] as Timer, items[child] as Timer)) child += 1;
      if (!before(items[child] as Timer, last)) break;
      items[at] = items[child] as Timer;
      at = child;
    }
    items[at] = last;
    return first;
  }
}
