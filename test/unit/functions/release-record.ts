import { type ReleaseRecord, releaseRecordSchema, rolloutName } from '../../../core/release/record.ts';
import { BEGIN_MS } from '../../../lab/simulator/clock.ts';

/** A release whose rollout has just begun, and that nobody has written yet. */
export function releaseRecord(fields: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const { codeKey = 'consumer.zip', version = 'v2' } = fields;
  const at = new Date(BEGIN_MS).toISOString();
  return releaseRecordSchema.parse({
    codeKey,
    version,
    revision: 0,
    bucket: 'code-of-sim',
    state: 'Checking',
    uploadedAt: at,
    startedAt: at,
    sizeBytes: 1000,
    owner: rolloutName({ key: codeKey, version }),
    aliveAtMs: BEGIN_MS,
    updatedAt: at,
    ...fields,
  });
}
