/** How long tasks took, in constant memory. */
export interface Durations {
  add(ms: number): void;
  tasks(): number;
  meanMs(): number;
  /** Nineteen of twenty took no longer; no more than a fiftieth too much. */
  p95Ms(): number;
}

/** Buckets are so much wider, one after the other. */
const GROWTH = 1.02;
/** The last one begins beyond Lambda's 15 minutes. */
const BUCKETS = Math.ceil(Math.log(900_000) / Math.log(GROWTH)) + 2;

/** Durations in buckets whose bounds grow by a fiftieth each; what takes less than a millisecond took one. */
export function createDurations(): Durations {
  const counts = new Float64Array(BUCKETS);
  let [tasks, sumMs] = [0, 0];
  return {
    add(ms) {
      const bucket = Math.ceil(Math.log(Math.max(1, ms)) / Math.log(GROWTH));
      const at = Math.min(BUCKETS - 1, bucket);
      counts[at] = (counts[at] ?? 0) + 1;
      tasks += 1;
      sumMs += ms;
    },
    tasks: () => tasks,
    meanMs: () => (tasks === 0 ? 0 : sumMs / tasks),
    p95Ms() {
      let below = 0;
      const at = counts.findIndex((count) => {
        below += count;
        return below >= 0.95 * tasks;
      });
      return tasks === 0 ? 0 : GROWTH ** at;
    },
  };
}
