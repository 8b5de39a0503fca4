/** The example that shows why: three groups with limits, their tasks of one second in one line. */
export const LIMITS = { A: 2, B: 1, C: 2 } as const;

export type Group = keyof typeof LIMITS;

export const GROUPS: readonly Group[] = ['A', 'B', 'C'];

/**
 * One round of tasks, first to be worked on first. Read from right to left it is the queue
 * `→ [A B C C C C A A B] → 4 workers`: four workers take B A A C, then C C C B (three C at once, one over
 * the limit, while A waits behind them), then A.
 */
export const SEQUENCE: readonly Group[] = ['B', 'A', 'A', 'C', 'C', 'C', 'C', 'B', 'A'];

/** Workers of the shared queue. */
export const SHARED_WORKERS = 4;

export const TASK_SECONDS = 1;

export interface GroupTask {
  readonly group: Group;
  readonly document: number;
  readonly processingSeconds: number;
}

/** The sequence, so many times over, as tasks. */
export function tasksOf(rounds: number): GroupTask[] {
  const line = Array.from({ length: rounds }, () => SEQUENCE).flat();
  return line.map((group, index) => ({ group, document: index + 1, processingSeconds: TASK_SECONDS }));
}

/** The time a group's tasks take at exactly its limit, seconds. */
export function idealSeconds(tasks: number, limit: number): number {
  return Math.ceil(tasks / limit) * TASK_SECONDS;
}
