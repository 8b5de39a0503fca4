import { signal } from '@preact/signals';

/** Something to tell, at the edge of the screen. */
export interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

export const notices = signal<readonly Notice[]>([]);
const SHOWN_MS = { good: 5_000, bad: 15_000 } as const;
let count = 0;

export function tell(tone: Notice['tone'], text: string): void {
  count += 1;
  const notice = { id: count, tone, text };
  notices.value = [...notices.value, notice].slice(-3);
  setTimeout(() => dismiss(notice.id), SHOWN_MS[tone]);
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}
