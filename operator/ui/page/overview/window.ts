/** Rows of a long list that are drawn: those in sight and some around them. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const AROUND = 8;

/** @param topPx how far the list's beginning is above the upper edge of what is in sight */
export function windowOf(rows: number, rowPx: number, topPx: number, heightPx: number): Window {
  const first = Math.floor(topPx / rowPx);
  const last = Math.ceil((topPx + heightPx) / rowPx);
  return { from: within(first - AROUND, rows), to: within(last + AROUND, rows) };
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** The row that the tab key comes to: the one last gone to, or of those that are drawn the one nearest to it. */
export function rowByTab(active: number, rows: number, { from, to }: Window): number {
  return Math.max(from, Math.min(active, to - 1, rows - 1));
}

/** Where the arrow keys go; undefined for keys that go nowhere. */
export function rowByKey(key: string, at: number, rows: number, page: number): number | undefined {
  const to: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: rows - 1,
  };
  const wish = to[key];
  return wish === undefined || rows === 0 ? undefined : Math.min(rows - 1, Math.max(0, wish));
}
