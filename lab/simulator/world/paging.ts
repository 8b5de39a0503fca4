import type { Page } from '../../../aws/ports.ts';

/** A page of a sorted list, after a key that need not be there any more. */
export function pageAfter(
  sorted: readonly string[],
  cursor: string | undefined,
  limit: number,
  keep: (item: string) => boolean = () => true,
): Page<string> {
  const from = cursor === undefined ? 0 : firstAfter(sorted, cursor);
  const items: string[] = [];
  let at = from;
  for (; at < sorted.length && items.length < limit; at += 1) {
    const item = sorted[at] as string;
    if (keep(item)) items.push(item);
  }
  const last = items.at(-1);
  return { items, ...(last !== undefined && at < sorted.length ? { cursor: last } : {}) };
}

function firstAfter(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
