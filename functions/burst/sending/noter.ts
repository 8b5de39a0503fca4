/** What came of noting: `over`: somebody else has ended the round. */
export type NoteEnd = 'noted' | 'over';

/**
 * Notes numbers, one write at a time: what comes while one is under way goes together with the next. So a slow table
 * slows nobody down by more than two of its writes.
 * @param write notes some numbers; what it throws everybody gets whose numbers it was to note
 */
export function createNoter(
  write: (numbers: readonly number[]) => Promise<NoteEnd>,
): (numbers: readonly number[]) => Promise<NoteEnd> {
  let waiting: number[] = [];
  let next: Promise<NoteEnd> | undefined;
  let current: Promise<unknown> = Promise.resolve();

  const writeWaiting = async () => {
    // However the one before ended.
    await current.catch(() => {});
    const numbers = waiting;
    waiting = [];
    const written = write(numbers);
    current = written;
    next = undefined;
    return written;
  };
  return (numbers) => {
    waiting.push(...numbers);
    next ??= writeWaiting();
    return next;
  };
}
