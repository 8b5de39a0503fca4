import { DEAD_LETTER_REASONS } from '../../../../core/dead-letter.ts';
import type { CallNote, Start } from '../book.ts';
import type { TaskBody } from '../tasks.ts';
import type { Outcome } from '../world.ts';
import { type Check, some } from './check.ts';
import { allTasks } from './once.ts';

/** Every task is done or a dead letter, or a task of its key is, and the queue is empty. */
export const losesNothing: Check = (outcome, scenario) => {
  const { book } = outcome;
  if (book.left > 0 || book.sent < allTasks(scenario).length)
    return [`${book.left} messages are left in the end`];
  const buried = new Set(book.letters.map(({ task }) => task));
  const doneKeys = new Set<string>();
  const isDone = (task: number) =>
    book.startsOf(task).some(({ end }) => end?.how === 'returned' || end?.how === 'drop');
  for (const { task, key } of allTasks(scenario)) if (key !== undefined && isDone(task)) doneKeys.add(key);
  return some(
    allTasks(scenario)
      .filter(
        ({ task, key }) => !isDone(task) && !buried.has(task) && !(key !== undefined && doneKeys.has(key)),
      )
      .map(({ task }) => `task ${task} is lost`),
  );
};

/** Nothing comes to the dead-letter queue but what has to. */
export const buriesOnlyTheDead: Check = (outcome, scenario) => {
  const { book, wanted } = outcome;
  const bodies = new Map(allTasks(scenario).map((body) => [body.task, body]));
  return some(
    book.letters.flatMap(({ task, reason, attempts }) => {
      const body = bodies.get(task) as TaskBody;
      const counted = book.startsOf(task).filter(isAttempt).length;
      const has = `task ${task} is a dead letter (${reason ?? 'by SQS'}, ${attempts} attempts noted)`;
      if (reason === undefined) return [`${has} after ${book.startsOf(task).length} starts`];
      if (body.ends === 'deadLetter') return [];
      const isSpent = reason === DEAD_LETTER_REASONS.maxAttempts || reason === DEAD_LETTER_REASONS.exhausted;
      const inVain = diedWithout(outcome, task, book.startsOf(task)).length;
      return isSpent && counted + inVain >= wanted.maxAttempts
        ? []
        : [`${has} after ${counted} attempts that began`];
    }),
  );
};

/** Giving back, holding and refusing burn no attempt; everything else that began is one. */
export function isAttempt({ end }: Start): boolean {
  return end === undefined || !['later', 'refused'].includes(end.how);
}

/**
 * A task has as many attempts as it may, and is told which one it is. Only of a first one it may be unknown that it
 * was one: where its call had not answered that it threw, or not yet, when the task was received again. A call that died while the task
 * waited for its turn in it may count.
 */
export const countsAttempts: Check = (outcome, scenario) => {
  const { book, wanted } = outcome;
  return some(
    allTasks(scenario).flatMap(({ task }) => {
      const wrong: string[] = [];
      const before: Start[] = [];
      for (const start of book.startsOf(task)) {
        const inVain = diedWithout(outcome, task, [...before, start]).length;
        const most = before.length + 1;
        const least = isNoted(outcome, before[0], start.trueMs) ? most : most - 1;
        if (start.attempt > most + inVain || start.attempt < Math.max(1, least))
          wrong.push(`task ${task} was told attempt ${start.attempt}, ${before.length} began before`);
        if (least > wanted.maxAttempts)
          wrong.push(`task ${task} began attempt ${most} of ${wanted.maxAttempts}`);
        if (isAttempt(start)) before.push(start);
      }
      return wrong;
    }),
  );
};

/** Calls that died with a task in them, and were none of these starts of it. */
function diedWithout({ book }: Outcome, task: number, starts: readonly Start[]): readonly CallNote[] {
  return book.calls.filter(
    ({ how, tasks, startMs, endMs }) =>
      (how === 'killed' || how === 'timedOut') &&
      tasks.includes(task) &&
      !starts.some(({ trueMs }) => trueMs >= startMs && trueMs <= endMs),
  );
}

/** Whether the call had the time to note that a first attempt was one. */
function isNoted({ book }: Outcome, start: Start | undefined, beforeMs: number): boolean {
  const end = start?.end;
  if (start === undefined || end === undefined || (end.how !== 'threw' && end.how !== 'aborted'))
    return false;
  return book.calls.some(
    ({ environment, how, startMs, endMs }) =>
      environment === start.environment &&
      how === 'answered' &&
      startMs <= start.trueMs &&
      endMs >= end.trueMs &&
      endMs < beforeMs,
  );
}

/** A task that always throws has all its attempts, and is then a dead letter. */
export const givesAllAttempts: Check = (outcome, scenario) => {
  const { book, wanted } = outcome;
  const buried = new Map(book.letters.map((letter) => [letter.task, letter]));
  return some(
    allTasks(scenario)
      .filter(({ throws = 0 }) => throws >= 100)
      .flatMap(({ task }) => {
        const starts = book.startsOf(task);
        const attempts = starts.filter(isAttempt).length;
        const inVain = diedWithout(outcome, task, starts).length;
        const wrong =
          attempts + inVain < wanted.maxAttempts ? [`task ${task} had only ${attempts} attempts`] : [];
        return buried.has(task) ? wrong : [...wrong, `task ${task} is no dead letter`];
      }),
  );
};
