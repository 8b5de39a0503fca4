import { unzipSync } from 'fflate';
import type { ReleaseRecord } from '../../../core/release/record.ts';
import type { RolloutSettings } from '../../../core/release/rollout-settings.ts';
import { zipReproducibly } from '../../../operator/packing/zip.ts';
import { eventually } from './eventually.ts';
import type { TestStage } from './test-stage.ts';

/** A zip of these files. */
export function zipOf(files: Readonly<Record<string, string>>): Uint8Array {
  return zipReproducibly(
    new Map(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)])),
  );
}

/** A release that does nothing, and that nothing needs to be waited for. */
export function quickRelease(name: string): Uint8Array {
  return zipOf({
    'index.mjs': `export const handler = async () => ({ batchItemFailures: [] }); // ${name}`,
    'sluice.json': JSON.stringify({ rollout: { bakeSeconds: 0, unknownSeconds: 0 } }),
  });
}

/** The same code, with rollout settings of its own. */
export function withRollout(zip: Uint8Array, rollout: Partial<RolloutSettings>): Uint8Array {
  const settings = new TextEncoder().encode(JSON.stringify({ rollout }));
  return zipReproducibly(new Map([...Object.entries(unzipSync(zip)), ['sluice.json', settings]]));
}

/** Waits until the record of a release is as asked for. */
export async function untilRelease(
  { ports }: TestStage,
  codeKey: string,
  version: string,
  isSo: (record: ReleaseRecord) => boolean,
  limitSeconds?: number,
): Promise<ReleaseRecord> {
  const record = await eventually(
    () => ports.releases.read(codeKey, version),
    (seen) => seen !== undefined && isSo(seen),
    `release ${version} of ${codeKey}`,
    limitSeconds,
  );
  return record as ReleaseRecord;
}
