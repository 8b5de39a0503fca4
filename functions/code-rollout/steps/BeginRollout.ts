import type { CodeObject, Ports } from '../../../aws/ports.ts';
import { changeLine } from '../../../aws/release-lines.ts';
import { rollBack } from '../../../core/release/line.ts';
import {
  isOpen,
  needsDriver,
  type ReleaseRecord,
  releaseRecordSchema,
} from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import type { StageSettings } from '../../../core/stage-settings.ts';
import { changeRelease } from '../change-release.ts';
import { ComeBack, next } from '../rollout-turn.ts';

/**
 * Where this execution has to begin: with a new release, in the middle of one that it was told to drive on, or
 * not at all. The upload that started it is a hint: the release is what the key holds now.
 */
export async function beginRollout(
  state: RolloutState,
  owner: string,
  ports: Ports,
  settings: StageSettings,
): Promise<RolloutState> {
  const told = await ports.releases.read(state.key, state.version);
  if (told !== undefined) return driveOn(state, told, owner, ports);

  // Its place in the order of releases: taken before the look, so that a later look has a later place.
  const nowMs = ports.clock.nowMs();
  const current = await ports.code.head(state.key);
  if (current === undefined) {
    ports.log.info('uploaded and already gone', { key: state.key });
    return next(state, 'over');
  }
  const { version } = current;
  const known = await ports.releases.read(state.key, version);
  // An older upload's event, told late: the newer one has been taken up already.
  if (known !== undefined) return driveOn({ ...state, version }, known, owner, ports);
  const made = await changeRelease(newRelease(current, state, owner, settings, nowMs), {}, ports);
  if (made === 'conflict') throw new ComeBack(1);
  return next({ ...state, version }, 'check');
}

async function driveOn(
  state: RolloutState,
  record: ReleaseRecord,
  owner: string,
  ports: Ports,
): Promise<RolloutState> {
  if (record.owner !== owner || !needsDriver(record)) return next(state, 'over');
  if (record.state === 'RolledBack') {
    // Whoever decided it may have crashed before the line heard of it.
    await changeLine(record.codeKey, ports, (line) => rollBack(line, record.version));
    return next(state, 'return');
  }
  return next(state, isOpen(record) && record.wave >= 0 ? 'move' : 'check');
}

function newRelease(
  { key, version, sizeBytes, uploadedAtMs }: CodeObject,
  { sequencer, version: seen }: RolloutState,
  owner: string,
  settings: StageSettings,
  nowMs: number,
): ReleaseRecord {
  const startedAt = new Date(nowMs).toISOString();
  return releaseRecordSchema.parse({
    codeKey: key,
    version,
    revision: 0,
    bucket: settings.consumers.codeBucket,
    state: 'Checking',
    uploadedAt: new Date(uploadedAtMs).toISOString(),
    startedAt,
    // Told of another version, its place in the order is that one's.
    ...(sequencer !== undefined && seen === version ? { sequencer } : {}),
    sizeBytes,
    owner,
    aliveAtMs: nowMs,
    updatedAt: startedAt,
  });
}
