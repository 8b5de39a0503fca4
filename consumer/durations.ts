/** How long the tasks of one environment took of late, milliseconds. */
export interface Durations {
  add(ms: number): void;
  /** Undefined before the first. */
  slowest(): number | undefined;
}

/** Tasks further back say nothing of those to come: the work may have changed. */
const REMEMBERED = 32;

export function createDurations(): Durations {
  const recent: number[] = [];
  return {
    add(ms) {
      recent.push(ms);
      if (recent.length > REMEMBERED) recent.shift();
    },
    slowest: () => (recent.length === 0 ? undefined : Math.max(...recent)),
  };
}
