/** How long a task is taken to run, seconds, as long as nobody has measured it. */
export const ASSUMED_TASK_SECONDS = 1;
