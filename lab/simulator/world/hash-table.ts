import type { Page } from '../../../aws/ports.ts';
import { hash32 } from '../chance.ts';

/** Items by key, paged in the order of their hashes, as DynamoDB's Scan goes. */
export class HashTable<T> {
  readonly items = new Map<string, T>();
  #order: { readonly hash: number; readonly key: string }[] | undefined;

  set(key: string, item: T): void {
    if (!this.items.has(key)) this.#order = undefined;
    this.items.set(key, item);
  }

  delete(key: string): void {
    if (this.items.delete(key)) this.#order = undefined;
  }

  page(cursor: string | undefined, limit: number): Page<T> {
    this.#order ??= [...this.items.keys()]
      .map((key) => ({ hash: hash32(key), key }))
      .sort((a, b) => a.hash - b.hash || (a.key < b.key ? -1 : 1));
    const from = cursor === undefined ? 0 : this.#after(cursor);
    const slice = this.#order.slice(from, from + limit);
    const items = slice.map(({ key }) => this.items.get(key) as T);
    const last = slice.at(-1)?.key;
    return { items, ...(last !== undefined && from + limit < this.#order.length ? { cursor: last } : {}) };
  }

  /** The first place after a key, which need not be there any more. */
  #after(key: string): number {
    const order = this.#order ?? [];
    const hash = hash32(key);
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = order[middle];
      if (at && (at.hash < hash || (at.hash === hash && at.key <= key))) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
