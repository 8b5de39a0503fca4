/** What was seen of a station: the truth that formulas are held against. */
export interface Seen {
  /** Mean wait in the queue, seconds. */
  readonly waitSeconds: number;
  /** Share of tasks that waited at all. */
  readonly waitedShare: number;
  /** Mean number running, over the time from the first start to the last end. */
  readonly running: number;
  /** When the last task ended, seconds. */
  readonly finishSeconds: number;
}

/**
 * First come, first served by so many equal slots.
 * @param arrivals seconds, in order
 * @param times seconds of each task
 */
export function workThrough(arrivals: Iterable<number>, times: () => number, slots: number): Seen {
  const free = new Float64Array(slots);
  let tasks = 0;
  let waited = 0;
  let waitSeconds = 0;
  let busySeconds = 0;
  let finishSeconds = 0;
  let firstStart: number | undefined;
  for (const arrival of arrivals) {
    const slot = indexOfLeast(free);
    const start = Math.max(arrival, free[slot] ?? 0);
    const seconds = times();
    free[slot] = start + seconds;
    firstStart ??= start;
    tasks += 1;
    busySeconds += seconds;
    waitSeconds += start - arrival;
    if (start > arrival) waited += 1;
    finishSeconds = Math.max(finishSeconds, start + seconds);
  }
  return {
    waitSeconds: waitSeconds / tasks,
    waitedShare: waited / tasks,
    running: busySeconds / (finishSeconds - (firstStart ?? 0)),
    finishSeconds,
  };
}

function indexOfLeast(values: Float64Array): number {
  let least = 0;
  for (let index = 1; index < values.length; index += 1) {
    if ((values[index] ?? 0) < (values[least] ?? 0)) least = index;
  }
  return least;
}
