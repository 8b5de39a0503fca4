import type { ReleaseRecord, Wave } from './record.ts';

/** Everybody whom a release reaches, whether it has got there or not; pinned pipelines are not among them. */
export function reachedBy({ counts }: Pick<ReleaseRecord, 'counts'>): number {
  const { moved, moving, due, failing, failed, blocked, waiting } = counts;
  return moved + moving + due + failing + failed + blocked + waiting;
}

/** The waves as people see them: whoever came while they were under way, or after, belongs to the last. */
export function wavesWithNewcomers(release: Pick<ReleaseRecord, 'waves' | 'counts'>): readonly Wave[] {
  const { waves } = release;
  const newcomers = reachedBy(release) - waves.reduce((sum, { pipelines }) => sum + pipelines, 0);
  const last = waves.at(-1);
  if (last === undefined || newcomers <= 0) return waves;
  return [...waves.slice(0, -1), { ...last, pipelines: last.pipelines + newcomers }];
}
