/** Most tasks of one burst. */
export const MOST_TASKS = 10_000_000;
/** Most of them in the call itself. */
export const MOST_LISTED_TASKS = 100_000;
