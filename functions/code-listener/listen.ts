import type { CodeObject, Ports } from '../../aws/ports.ts';
import { isOlder, type Upload } from '../../core/code-event.ts';
import { rolloutName } from '../../core/release/record.ts';

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
    if (await isBehind(upload, current, ports)) {
      ports.log.info('an older upload', { ...upload, current: current.version });
      continue;
    }
    const release = { key: current.key, version: current.version, ...sequencerOf(upload, current) };
    const answer = await ports.rollouts.start(rolloutName(release), release);
    ports.log.info('release', { ...release, rollout: answer });
  }
}

/** Whether the event is of an older upload than the release that the key holds now and that is known already. */
async function isBehind({ version, sequencer }: Upload, current: CodeObject, ports: Ports): Promise<boolean> {
  if (version === undefined || version === current.version || sequencer === undefined) return false;
  const known = await ports.releases.read(current.key, current.version);
  return isOlder(sequencer, known?.sequencer);
}

/** The sequencer of the very version that is there now; another upload's would order releases wrongly. */
function sequencerOf({ version, sequencer }: Upload, current: CodeObject): Pick<Upload, 'sequencer'> {
  return version === current.version && sequencer !== undefined ? { sequencer } : {};
}

async function headOf(key: string, ports: Ports): Promise<CodeObject | undefined> {
  for (let look = 1; ; look += 1) {
    const current = await ports.code.head(key);
    if (current !== undefined || look === LOOKS) return current;
    await ports.clock.sleep(LOOK_AGAIN_MS);
  }
}
