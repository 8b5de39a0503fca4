import type { ReleaseRecord, Wave } from './record.ts';

/** The waves as people see them: whoever came while they were under way, or after, belongs to the last. */
export function wavesWithNewcomers({
  waves,
  counts,
}: Pick<ReleaseRecord, 'waves' | 'counts'>): readonly Wave[] {
  const newcomers = counts.moved - waves.reduce((sum, { pipelines }) => sum + pipelines, 0);
  const last = waves.at(-1);
  if (last === undefined || newcomers <= 0) return waves;
  return [...waves.slice(0, -1), { ...last, pipelines: last.pipelines + newcomers }];
}
