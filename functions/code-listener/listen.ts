import type { CodeObject, Ports } from '../../aws/ports.ts';
import { rolloutName, type Upload } from '../../core/code-event.ts';

/** An object that is not there is looked for again: an upload may be on its way behind a deletion. */
const LOOKS = 3;
const LOOK_AGAIN_MS = 1_000;

/**
 * Starts a rollout of what each key holds now. An event told twice, or told late, finds a release whose
 * rollout was started already.
 * @param bucket the code bucket; uploads to others are none of ours
 */
export async function listen(uploads: readonly Upload[], bucket: string, ports: Ports): Promise<void> {
  for (const upload of uploads) {
    if (upload.bucket !== undefined && upload.bucket !== bucket) {
      ports.log.warn('upload to another bucket', { ...upload, expected: bucket });
      continue;
    }
    const current = await headOf(upload.key, ports);
    if (current === undefined) {
      ports.log.info('uploaded and already gone', { key: upload.key });
      continue;
    }
    const release = { key: current.key, version: current.version };
    const answer = await ports.rollouts.start(rolloutName(release), release);
    ports.log.info('release', { ...release, rollout: answer });
  }
}

async function headOf(key: string, ports: Ports): Promise<CodeObject | undefined> {
  for (let look = 1; ; look += 1) {
    const current = await ports.code.head(key);
    if (current !== undefined || look === LOOKS) return current;
    await ports.clock.sleep(LOOK_AGAIN_MS);
  }
}
