import { type ReleaseRecord, releaseRecordSchema } from '../../../../core/release/record.ts';
import { NOW, NOW_MS } from '../lifecycle/records.ts';

/** A release whose rollout has just begun. */
export function release(fields: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    ...releaseRecordSchema.parse({
      codeKey: 'consumer.zip',
      version: 'v1',
      revision: 1,
      bucket: 'code-of-test',
      state: 'Checking',
      uploadedAt: NOW,
      startedAt: NOW,
      sizeBytes: 1000,
      owner: 'release-1',
      aliveAtMs: NOW_MS,
      updatedAt: NOW,
    }),
    ...fields,
  };
}
