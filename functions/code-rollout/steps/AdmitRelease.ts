import { changeLine, readLine } from '../../../aws/release-lines.ts';
import { admit, type Follower, type ReleaseLine } from '../../../core/release/line.ts';
import { planWaves, singleWave, withFailedBefore } from '../../../core/release/plan.ts';
import { isOpen, type ReleaseRecord } from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { followerOf } from '../../../core/release/standing.ts';
import { judgeStorage, storageNeed } from '../../../core/release/storage.ts';
import { readAccount } from '../../pipeline-lifecycle/read-account.ts';
import { changeRelease } from '../change-release.ts';
import { ComeBack, next, type RolloutTurn } from '../rollout-turn.ts';
import { reject } from './CheckRelease.ts';

/** Status records read in one call. */
const PAGE = 250;

/**
 * Plans the waves and puts the release on its way: it reaches nobody yet. One that was on its way before is
 * superseded; one that began after this one is not put back.
 */
export async function admitRelease(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports, settings: stage, rollout } = turn;
  const { codeKey, version } = record;
  const { line } = await readLine(codeKey, ports);
  const newer = await newerThan(turn);
  if (newer !== undefined) {
    await turn.change({ state: 'Superseded', reason: `release ${newer} came before it was admitted` });
    return next(state, 'over');
  }

  const { followers, failed } = await followersOf(turn);
  const former = line.stable === undefined ? undefined : await ports.releases.read(codeKey, line.stable);
  const storage = storageNeed(
    await readAccount(ports, stage),
    record.unzippedBytes ?? record.sizeBytes,
    former?.unzippedBytes,
    followers.length,
  );
  const fits = judgeStorage(storage);
  if (fits.kind === 'full') return reject(turn, fits.message, { storage });

  // A first release takes nobody from anything: there is nothing to go back to.
  const { stable } = admit(line, version);
  const waves = stable === undefined ? singleWave(followers.length) : planWaves(followers, version, rollout);
  await turn.change({
    storage,
    warnings: fits.kind === 'tight' ? [fits.message] : [],
    waves: withFailedBefore(waves, failed, version),
    wave: -1,
    ...(stable === undefined ? {} : { from: stable }),
  });
  if (fits.kind === 'tight') ports.log.warn(fits.message, { codeKey, version });
  // Only in the place of those that were looked at: one that came meanwhile may be newer.
  const isAsRead = (now: ReleaseLine) =>
    now.stable === line.stable && [line.next?.version, version].includes(now.next?.version);
  const admitted = await changeLine(codeKey, ports, (now) =>
    isAsRead(now) ? admit(now, version) : undefined,
  );
  if (admitted === undefined) throw new ComeBack(1);
  // Those kept, too: an attempt that crashed may have taken the place of one and not said so.
  const others = new Set([line.next?.version, ...admitted.kept]);
  for (const other of others) if (other !== undefined && other !== version) await supersede(turn, other);
  return next(state, 'done');
}

/**
 * A release whose rollout was begun after this one's and that was on its way before this one, also if it has
 * been taken back since: what was uploaded before it does not come out after it.
 */
async function newerThan({ record, ports }: RolloutTurn): Promise<string | undefined> {
  const all = await ports.releases.ofKey(record.codeKey);
  return all.find(({ startedAt, waves }) => startedAt > record.startedAt && waves.length > 0)?.version;
}

/** Its own execution would find out by itself; a paused one has none. */
async function supersede({ record, ports }: RolloutTurn, version: string): Promise<void> {
  for (;;) {
    const other = await ports.releases.read(record.codeKey, version);
    // Begun once more since: then it is the newer one, and comes by itself.
    if (other === undefined || !isOpen(other) || other.startedAt > record.startedAt) return;
    const changes: Partial<ReleaseRecord> = {
      state: 'Superseded',
      reason: `release ${record.version} took its place`,
    };
    if ((await changeRelease(other, changes, ports)) !== 'conflict') return;
  }
}

/** Everybody that the release is for, and those of them that are in trouble already. */
async function followersOf({
  record,
  ports,
}: RolloutTurn): Promise<{ readonly followers: readonly Follower[]; readonly failed: readonly Follower[] }> {
  const followers: Follower[] = [];
  const failed: Follower[] = [];
  let cursor: string | undefined;
  do {
    const page = await ports.statuses.page(cursor, PAGE);
    for (const status of page.items) {
      const follower = followerOf(status, record.codeKey);
      const pinned = (status.run?.target ?? status.applied)?.wanted.codeVersion !== undefined;
      const going = status.closing !== undefined || status.phase === 'Deleted';
      if (follower === undefined || pinned || going) continue;
      followers.push(follower);
      if (status.phase === 'Failed') failed.push(follower);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { followers, failed };
}
