import type { Start } from '../book.ts';
import { type Outcome, PARTS_ID } from '../world.ts';
import { at, type Check, some } from './check.ts';
import { runsOf } from './once.ts';

/** A task runs once at a time, and never again once it is noted as done, however often it is sent. */
export const neverRunsRepeats: Check = (outcome) => {
  const { noted } = outcome.book;
  const ofTask = Map.groupBy(runsOf(outcome), ({ start }) => start.task);
  const wrong: string[] = [];
  for (const [task, runs] of ofTask) {
    const inOrder = [...runs].sort((a, b) => a.start.trueMs - b.start.trueMs);
    for (const [index, { start, endMs }] of inOrder.entries()) {
      if (start.trueMs > (noted.get(task) ?? Number.POSITIVE_INFINITY))
        wrong.push(`task ${task} runs at ${at(outcome, start.trueMs)} though it is noted as done`);
      const next = inOrder[index + 1];
      if (next !== undefined && next.start.trueMs < endMs)
        wrong.push(`task ${task} runs twice at ${at(outcome, next.start.trueMs)}`);
    }
  }
  return some(wrong);
};

/** What is noted has happened. */
export const countsNothingElse: Check = (outcome, { burst }) => {
  const { book, notes } = outcome;
  const place = { partsId: PARTS_ID, total: burst?.total ?? 0 };
  const letters = new Set(book.letters.map(({ task }) => task));
  const noted = (set: 'done' | 'failed' | 'dead', isSo: (task: number) => boolean) =>
    [...notes.indexes(place, set)]
      .filter((task) => !isSo(task))
      .map((task) => `task ${task} is noted as ${set}`);
  return some([
    ...noted('done', (task) => book.startsOf(task).some(isDone)),
    ...noted('failed', (task) => book.startsOf(task).some(isFailed)),
    ...noted('dead', (task) => letters.has(task)),
  ]);
};

/** What has happened is noted: each task that is over, each that failed, and what tasks ran, once. */
export const countsAll: Check = (outcome, { burst }) => {
  const { book, notes, wanted } = outcome;
  const total = burst?.total ?? 0;
  const place = { partsId: PARTS_ID, total };
  const [done, failed, dead] = (['done', 'failed', 'dead'] as const).map((set) => notes.indexes(place, set));
  const wrong: string[] = [];
  for (let task = 0; task < total; task += 1) {
    const starts = book.startsOf(task);
    if (!done?.has(task) && !dead?.has(task)) wrong.push(`task ${task} is over, and noted as neither`);
    const hasFailed = starts.some((start) => isFailed(start) && hasAnswered(outcome, start));
    if (hasFailed && wanted.maxAttempts > 1 && !failed?.has(task) && !dead?.has(task))
      wrong.push(`task ${task} has failed, and is not noted as such`);
  }
  const shards = new Set(Array.from({ length: total }, (_, index) => Math.floor(index / 32)));
  const sum = [...shards].reduce((tasks, shard) => tasks + notes.shard(PARTS_ID, shard).tasks, 0);
  const ended = book.starts.filter(isDone).length;
  if (sum > ended) wrong.push(`${sum} runs are summed up, of ${ended}`);
  return some(wrong);
};

/** The burst is noted as over only when all its tasks are. */
export const endsOnlyWhenOver: Check = (outcome, { burst }) => {
  const { book } = outcome;
  const endMs = book.notedEndMs;
  if (endMs === undefined) return [];
  const letters = new Set(book.letters.filter(({ atMs }) => atMs <= endMs).map(({ task }) => task));
  const isOver = (task: number) =>
    letters.has(task) ||
    book.startsOf(task).some((start) => isDone(start) && (start.end?.trueMs ?? 0) <= endMs);
  const tasks = Array.from({ length: burst?.total ?? 0 }, (_, task) => task);
  return some(
    tasks
      .filter((task) => !isOver(task))
      .map((task) => `the burst is noted as over at ${at(outcome, endMs)}, and task ${task} is not`),
  );
};

/** It is noted that the burst is over. */
export const ends: Check = ({ book }) => (book.notedEndMs === undefined ? ['the burst never ends'] : []);

/** Whatever becomes of notes, no call is ended by Lambda or breaks down. */
export const answersInTime: Check = (outcome) => {
  const { calls } = outcome.book;
  const isWrong = ({ how }: (typeof calls)[number]) => how === 'timedOut' || how === 'failed';
  return some(
    calls.filter(isWrong).map(({ how, startMs }) => `the call of ${at(outcome, startMs)} has ${how}`),
  );
};

function isDone({ end }: Start): boolean {
  return end?.how === 'returned' || end?.how === 'drop';
}

function isFailed({ end }: Start): boolean {
  return end?.how === 'threw' || end?.how === 'aborted' || end?.how === 'deadLetter';
}

/** Its call has lived to note what became of it. */
function hasAnswered({ book }: Outcome, start: Start): boolean {
  return book.calls.some(
    ({ environment, how, startMs, endMs }) =>
      environment === start.environment &&
      how === 'answered' &&
      startMs <= start.trueMs &&
      start.trueMs <= endMs,
  );
}
