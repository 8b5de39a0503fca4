import type { CurvePoint } from '../spread/curve.ts';
import type { Stamp } from './shard.ts';

/** How many tasks ran at once, from the stamps of each. */
export interface Timeline {
  add(ran: Stamp): void;
  /** The most that ran at once. */
  peak(): number;
  /** At most so many points, each the most that ran at once from it to the next; the last one has nothing running. */
  curve(points: number): readonly CurvePoint[];
  /** Undefined before the first stamp. Epoch milliseconds. */
  firstStartMs(): number | undefined;
  lastEndMs(): number | undefined;
}

/** 4 MB; to the millisecond for 17 minutes, to 128 of them for a day. */
const BUCKETS = 2 ** 20;

/**
 * A sweep line in constant memory, however many tasks there are and however long they take in all: starts and ends are
 * counted in buckets of a millisecond; when a time lies beyond the last one, each two become one. A task counts from its
 * start's bucket up to its end's, so that one which begins in the millisecond in which another ends is not beside it, but
 * counts for a bucket at least. Where buckets are wider than tasks are long, the peak is one of buckets, not of moments:
 * tasks within one bucket may count beside each other, or, if they were there before it was widened, not at all.
 * @param fromMs the hand-over, epoch milliseconds; what ran before began then
 */
export function createTimeline(fromMs: number, buckets = BUCKETS): Timeline {
  const changes = new Int32Array(buckets);
  let widthMs = 1;
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  const widen = () => {
    for (let at = 0; at < buckets / 2; at += 1) {
      changes[at] = (changes[2 * at] ?? 0) + (changes[2 * at + 1] ?? 0);
    }
    changes.fill(0, buckets / 2);
    widthMs *= 2;
  };
  /** Where its two changes are. */
  const placeOf = ({ startedAtMs, endedAtMs }: Stamp) => {
    const start = Math.floor(Math.max(0, startedAtMs - fromMs) / widthMs);
    return { start, end: Math.max(start + 1, Math.floor((endedAtMs - fromMs) / widthMs)) };
  };

  return {
    add(ran) {
      let place = placeOf(ran);
      while (place.end >= buckets) {
        widen();
        place = placeOf(ran);
      }
      changes[place.start] = (changes[place.start] ?? 0) + 1;
      changes[place.end] = (changes[place.end] ?? 0) - 1;
      firstMs = Math.min(firstMs, ran.startedAtMs);
      lastMs = Math.max(lastMs, ran.endedAtMs);
    },

    peak() {
      let [running, most] = [0, 0];
      for (const change of changes) {
        running += change;
        if (running > most) most = running;
      }
      return most;
    },

    curve(points) {
      const [first, last] = [changes.findIndex(Boolean), changes.findLastIndex(Boolean)];
      if (first < 0) return [];
      const step = Math.max(1, Math.ceil((last - first) / Math.max(1, points - 1)));
      const curve: CurvePoint[] = [];
      let running = 0;
      for (let at = first; at < last; at += step) {
        let most = 0;
        for (let bucket = at; bucket < Math.min(at + step, last); bucket += 1) {
          running += changes[bucket] ?? 0;
          if (running > most) most = running;
        }
        curve.push({ atSeconds: (at * widthMs) / 1000, running: most });
      }
      return [...curve, { atSeconds: (last * widthMs) / 1000, running: 0 }];
    },

    firstStartMs: () => (Number.isFinite(firstMs) ? firstMs : undefined),
    lastEndMs: () => (Number.isFinite(lastMs) ? lastMs : undefined),
  };
}
