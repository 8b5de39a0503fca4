import type { Start } from '../book.ts';
import type { TaskBody } from '../tasks.ts';
import type { Outcome } from '../world.ts';
import { at, type Check, some } from './check.ts';

/** A handler that ran, from its start until it ended or its process died. */
interface Run {
  readonly start: Start;
  readonly endMs: number;
}

export function runsOf({ book }: Outcome): readonly Run[] {
  const calls = Map.groupBy(book.calls, ({ environment }) => environment);
  return book.starts.map((start) => {
    const call = calls
      .get(start.environment)
      ?.find(({ startMs, endMs }) => startMs <= start.trueMs && start.trueMs <= endMs);
    return { start, endMs: start.end?.trueMs ?? call?.endMs ?? start.trueMs };
  });
}

/** Never do more than `most` handlers run at once. */
export function runsAtMost(most: number): Check {
  return (outcome) => {
    const running: Run[] = [];
    const wrong: string[] = [];
    for (const run of [...runsOf(outcome)].sort((a, b) => a.start.trueMs - b.start.trueMs)) {
      const { trueMs, task } = run.start;
      for (let index = running.length - 1; index >= 0; index -= 1) {
        if ((running[index] as Run).endMs <= trueMs) running.splice(index, 1);
      }
      running.push(run);
      if (running.length > most) {
        const others = running.slice(0, -1).map(({ start }) => `task ${start.task} in ${start.environment}`);
        wrong.push(
          `at ${at(outcome, trueMs)} task ${task} in ${run.start.environment} beside ${others.join(', ')}`,
        );
      }
    }
    return some(wrong);
  };
}

/** Tasks of one key: one handler finishes at most, and no two run at once. */
export const doesKeysOnce: Check = (outcome, { arrivals }) => {
  const keys = new Map<number, string>();
  for (const { tasks } of arrivals)
    for (const { task, key } of tasks) if (key !== undefined) keys.set(task, key);
  const wrong: string[] = [];
  const ofKey = Map.groupBy(runsOf(outcome), ({ start }) => keys.get(start.task));
  for (const [key, runs] of ofKey) {
    if (key === undefined) continue;
    const done = runs.filter(({ start }) => start.end?.how === 'returned' || start.end?.how === 'drop');
    if (done.length > 1) wrong.push(`key ${key} was done ${done.length} times`);
    const inOrder = [...runs].sort((a, b) => a.start.trueMs - b.start.trueMs);
    for (const [index, run] of inOrder.entries()) {
      const next = inOrder[index + 1];
      if (next !== undefined && next.start.trueMs < run.endMs) {
        wrong.push(`two of key ${key} at once at ${at(outcome, next.start.trueMs)}`);
      }
    }
  }
  return some(wrong);
};

/** All tasks of all arrivals. */
export function allTasks({
  arrivals,
}: {
  readonly arrivals: readonly { readonly tasks: readonly TaskBody[] }[];
}) {
  return arrivals.flatMap(({ tasks }) => tasks);
}
