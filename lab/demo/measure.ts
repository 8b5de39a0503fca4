/** A task's own stamps. */
export interface Stamp {
  readonly group: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** What the stamps of one group say. */
export interface Measured {
  readonly tasks: number;
  readonly limit: number;
  /** Most tasks of the group that ran at one moment. */
  readonly peak: number;
  /** Moments at which a task started above the limit. */
  readonly violations: number;
  /** From sending to the last end, seconds. */
  readonly finishSeconds: number;
  /** Median time between a task's end and the next start in its place, milliseconds. */
  readonly handOverMs: number;
}

/**
 * Measures one group's run from its tasks' own stamps, never from queue counts.
 * @param sentAtMs when sending began, epoch milliseconds
 */
export function measure(stamps: readonly Stamp[], limit: number, sentAtMs: number): Measured {
  const { peak, violations } = running(stamps, limit);
  const last = Math.max(...stamps.map((stamp) => stamp.endedAtMs));
  return {
    tasks: stamps.length,
    limit,
    peak,
    violations,
    finishSeconds: (last - sentAtMs) / 1000,
    handOverMs: median(handOvers(stamps)),
  };
}

function running(
  stamps: readonly Stamp[],
  limit: number,
): { readonly peak: number; readonly violations: number } {
  const moments = stamps.flatMap(({ startedAtMs, endedAtMs }) => [
    { atMs: startedAtMs, step: 1 },
    { atMs: endedAtMs, step: -1 },
  ]);
  // A task that ends in the millisecond in which another starts has ended.
  moments.sort((a, b) => a.atMs - b.atMs || a.step - b.step);
  let now = 0;
  let peak = 0;
  let violations = 0;
  for (const { step } of moments) {
    now += step;
    peak = Math.max(peak, now);
    if (step > 0 && now > limit) violations += 1;
  }
  return { peak, violations };
}

/** The pauses between a task's end and the start that took its place: each start takes the place freed last. */
function handOvers(stamps: readonly Stamp[]): number[] {
  const starts = stamps.map((stamp) => stamp.startedAtMs).sort((a, b) => a - b);
  const ends = stamps.map((stamp) => stamp.endedAtMs).sort((a, b) => a - b);
  const freed: number[] = [];
  const pauses: number[] = [];
  let next = 0;
  for (const start of starts) {
    while (next < ends.length && (ends[next] ?? 0) <= start) {
      freed.push(ends[next] ?? 0);
      next += 1;
    }
    const end = freed.pop();
    if (end !== undefined) pauses.push(start - end);
  }
  return pauses;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** How long a group may take: its ideal time and the measured pause at every hand-over, and a tenth more. */
export function allowedSeconds(measured: Measured, idealSeconds: number): number {
  const handOversInARow = Math.ceil(measured.tasks / measured.limit) - 1;
  return 1.1 * (idealSeconds + (handOversInARow * measured.handOverMs) / 1000);
}
