import type { BurstRecord, SentMark } from '../../../core/burst/record.ts';
import { createRounds, type Round } from '../../../core/burst/round.ts';
import type { ReadTasks } from './read-tasks.ts';

/** The rounds of a burst that are still to be sent; the next one is read while one is sent. */
export async function* roundsOf(
  record: BurstRecord,
  mark: SentMark,
  read: ReadTasks,
): AsyncGenerator<Round, void> {
  const rounds = collect(record, mark, read);
  let next = begun(rounds.next());
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = begun(rounds.next());
      yield value;
    }
  } finally {
    // Not waited for: it may be reading, and nobody wants what it reads.
    rounds.return().catch(() => {});
  }
}

async function* collect(record: BurstRecord, mark: SentMark, read: ReadTasks): AsyncGenerator<Round, void> {
  if (mark.fromIndex >= record.total) return;
  const rounds = createRounds(record, mark);
  for await (const task of read(mark.fromIndex, mark.fromByte)) {
    if (task.index >= record.total) break;
    const full = rounds.add(task);
    if (full !== undefined) yield full;
  }
  const last = rounds.end();
  if (last !== undefined) yield last;
}

/** What fails before anybody waits for it is no unhandled rejection. */
function begun<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
