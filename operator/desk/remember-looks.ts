import { stepAt } from '../../core/curves/grid.ts';
import type { Desk } from '../views/desk.ts';
import type { Curves, QueueLook } from '../views/pipelines.ts';

/** How many tasks waited, at one moment. */
type Seen = readonly [atMs: number, waiting: number];

const HOUR_MS = 3_600_000;
/** A step of an hour's curve is no shorter than twice that. */
const APART_MS = 10_000;
/** So long what was seen may be taken to stand: of 5,000 pipelines each is looked at more often. */
const STANDS_MS = 600_000;
/** Of more, nobody looks at the curves of all. */
const MOST_PIPELINES = 500;

type Looking = Pick<Desk, 'overview' | 'look' | 'curves'>;

/**
 * A desk that remembers, for an hour, how many tasks its own looks have found waiting: for the curve of it where nobody else
 * measures that, as on the local stage. It asks for nothing more; `waitingSinceMs` says from when on it knows.
 */
export function rememberLooks<Some extends Looking>(desk: Some): Some {
  const seen = new Map<string, Seen[]>();
  const note = (pipelineId: string, { atMs, waiting }: QueueLook) => {
    const kept = seen.get(pipelineId) ?? [];
    if (kept.length === 0 && seen.size >= MOST_PIPELINES) return;
    const last = kept.at(-1);
    // A short peak is not to fall between two that are kept.
    if (last !== undefined && atMs - last[0] < APART_MS && waiting <= last[1]) return;
    const recent = kept.filter(([whenMs]) => atMs - whenMs < HOUR_MS);
    seen.set(pipelineId, [...recent, [atMs, waiting]]);
  };
  return {
    ...desk,
    async overview(which) {
      const overview = await desk.overview(which);
      for (const { pipelineId, look } of overview.rows) if (look !== undefined) note(pipelineId, look);
      return overview;
    },
    async look(pipelineIds) {
      const looks = await desk.look(pipelineIds);
      for (const [pipelineId, look] of looks) note(pipelineId, look);
      return looks;
    },
    async curves(pipelineId, minutes) {
      const curves = await desk.curves(pipelineId, minutes);
      return curves.waiting.every((value) => value === null)
        ? withSeen(curves, seen.get(pipelineId) ?? [])
        : curves;
    },
  };
}

/** Each step has the most that was seen in it; one in which nobody looked, what was seen shortly before. */
function withSeen(curves: Curves, seen: readonly Seen[]): Curves {
  const [first] = seen;
  if (first === undefined) return curves;
  const { fromMs, stepSeconds } = curves;
  const grid = { fromMs, stepSeconds, steps: curves.waiting.length };
  const most: (number | null)[] = [...curves.waiting];
  for (const [atMs, waiting] of seen) {
    const step = stepAt(grid, atMs);
    if (step !== undefined) most[step] = Math.max(most[step] ?? 0, waiting);
  }
  const waiting = most.map((value, step) => {
    const endMs = fromMs + (step + 1) * stepSeconds * 1000;
    const last = seen.findLast(([atMs]) => atMs < endMs);
    return value ?? (last !== undefined && endMs - last[0] <= STANDS_MS ? last[1] : null);
  });
  return { ...curves, waiting, waitingSinceMs: first[0] };
}
