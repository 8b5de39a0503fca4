import {
  NO_COUNTS,
  NO_TASKS,
  type ReleaseRecord,
  releaseRecordSchema,
} from '../../../../../core/release/record.ts';

type Change = Partial<Omit<ReleaseRecord, 'counts'>> & { readonly counts?: Partial<ReleaseRecord['counts']> };

/** A release in the second of three waves. */
export function release({ counts, ...change }: Change = {}): ReleaseRecord {
  return releaseRecordSchema.parse({
    codeKey: 'consumer.zip',
    version: 'v7abc',
    revision: 3,
    bucket: 'code',
    state: 'Rolling',
    uploadedAt: '2026-11-21T12:00:00.000Z',
    startedAt: '2026-11-21T12:00:01.000Z',
    sizeBytes: 250_000,
    from: 'v6',
    waves: [
      { reach: 0, canaries: true, pipelines: 2 },
      { reach: 0.5, canaries: true, pipelines: 10 },
      { reach: 1, canaries: true, pipelines: 38 },
    ],
    wave: 1,
    counts: { ...NO_COUNTS, moved: 7, moving: 3, ...counts },
    health: { before: NO_TASKS, after: { ...NO_TASKS, tasks: 40, failures: 1 }, atMs: 0 },
    owner: 'x',
    aliveAtMs: 0,
    updatedAt: '2026-11-21T12:01:00.000Z',
    ...change,
  });
}
