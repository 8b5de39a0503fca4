import type { Trial } from './replay.ts';

/** Everything that happened, a line for each thing, by the true time. */
export function timelineOf({ outcome: { book } }: Trial): readonly string[] {
  const events: { readonly atMs: number; readonly what: string }[] = [
    ...book.calls.map(({ startMs, environment, tasks }) => ({
      atMs: startMs,
      what: `${environment} is called with tasks ${tasks.join(', ')}`,
    })),
    ...book.calls.map(({ endMs, environment, how }) => ({ atMs: endMs, what: `${environment} ${how}` })),
    ...book.starts.map(({ trueMs, ownMs, task, attempt, environment }) => ({
      atMs: trueMs,
      what: `${environment} starts task ${task}, attempt ${attempt}, at its ${(ownMs - trueMs).toFixed()} ms`,
    })),
    ...book.starts.flatMap(({ end, task, environment }) =>
      end === undefined ? [] : [{ atMs: end.trueMs, what: `${environment} task ${task} ${end.how}` }],
    ),
    ...book.groups.map(({ atMs, state }) => ({ atMs, what: `the group is ${JSON.stringify(state)}` })),
    ...book.notes.map(({ atMs, environment, line }) => ({ atMs, what: `${environment} says ${line}` })),
  ];
  return events
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, what }) => `${((atMs - book.beginMs) / 1000).toFixed(3).padStart(12)} s  ${what}`);
}
