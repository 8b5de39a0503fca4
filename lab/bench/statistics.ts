/**
 * The value that so large a share of all values does not exceed, by nearest rank: always one that was measured.
 * @param share in (0, 1]
 * @throws RangeError if there are no values
 * @see https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method
 */
export function percentile(values: readonly number[], share: number): number {
  const found = values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1];
  if (found === undefined) throw new RangeError(`there is no percentile of ${values.length} values`);
  return found;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (upper === undefined) throw new RangeError('there is no median of no values');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? upper)) / 2;
}

/** Most moments in any window `[t, t + windowMs)`, wherever it begins. */
export function peakInAnyWindow(momentsMs: readonly number[], windowMs: number): number {
  const sorted = momentsMs.toSorted((a, b) => a - b);
  let from = 0;
  let peak = 0;
  for (const [index, atMs] of sorted.entries()) {
    while (atMs - (sorted[from] ?? atMs) >= windowMs) from += 1;
    peak = Math.max(peak, index - from + 1);
  }
  return peak;
}

/** `2`, or `2–3` where they are not all the same; `–` for none. */
export function range(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? String(low) : `${low}–${high}`;
}

/** `1.25 s`, or `25 ms` below a tenth of a second. */
export function duration(ms: number): string {
  return ms < 100 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
