/** What is compared: a customer uploads 200 documents, and each takes 2 s. */
export const TASKS = 200;
export const TASK_SECONDS = 2;

/** The window over which a burst is spread. */
export const WINDOW = { minSeconds: 10, maxSeconds: 100 } as const;

/**
 * So many at once: enough that nothing else flattens a burst, and few enough that they fit on a laptop, where each of
 * them is a process of its own.
 */
export const CONCURRENCY = 50;

/** Far more than a task takes: fifty processes that start at the same time take long to, and that counts, too. */
export const TIMEOUT_SECONDS = 300;

/** A task as it is sent. */
export interface BurstTask {
  /** From 1. */
  readonly document: number;
  /** How long it takes: what the handler does, and what the planner is told. */
  readonly estimatedSeconds: number;
}

export function tasksOf(count: number, estimatedSeconds = TASK_SECONDS): BurstTask[] {
  return Array.from({ length: count }, (_, at) => ({ document: at + 1, estimatedSeconds }));
}

/** The last task is due within the window's last second. */
const SPAN_SECONDS = WINDOW.maxSeconds + 1 - WINDOW.minSeconds;

/**
 * No spread over the window has a lower peak: N tasks of d seconds whose first start and last end are W + d seconds apart
 * run N · d / (W + d) at once, on average.
 */
export const IDEAL = (TASKS * TASK_SECONDS) / (SPAN_SECONDS + TASK_SECONDS);
