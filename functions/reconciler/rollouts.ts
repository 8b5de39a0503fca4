import type { Page, Ports } from '../../aws/ports.ts';
import { readLine } from '../../aws/release-lines.ts';
import { nextExecution } from '../../core/release/carry-out.ts';
import { executionForLost } from '../../core/release/lost-upload.ts';
import { needsDriver, type ReleaseRecord } from '../../core/release/record.ts';
import { changeRelease } from '../code-rollout/change-release.ts';
import { drive } from '../rollout-control/drive.ts';
import type { Session } from './session.ts';

/** Release records looked at in one tick. */
const PAGE = 25;
/** A rollout that has not been heard of for so many leases has nobody who drives it on. */
const SILENT_LEASES = 3;

export interface Rollouts {
  readonly page: Page<ReleaseRecord>;
  /** Rollouts whose execution had died: another one drives each of them on. */
  readonly takenOver: number;
  /** Uploads that nobody had taken up. */
  readonly takenUp: number;
}

/** Looks at a page of releases, and at what is newest of some keys: those of the page and these. */
export async function tendRollouts(
  session: Session,
  cursor: string | undefined,
  keys: readonly string[],
): Promise<Rollouts> {
  const page = await session.ports.releases.page(cursor, PAGE);
  const taken = await session.each(page.items, (record) => tend(session, record));
  const all = new Set([...page.items.map(({ codeKey }) => codeKey), ...keys]);
  const found = await session.each([...all], (key) => takeUp(session, key));
  return { page, takenOver: count(taken), takenUp: count(found) };
}

function count(answers: readonly (boolean | undefined)[]): number {
  return answers.filter(Boolean).length;
}

/** Answers whether the release had nobody who drives it on, and has again. */
async function tend({ ports, settings }: Session, record: ReleaseRecord): Promise<boolean> {
  const silentMs = ports.clock.nowMs() - record.aliveAtMs;
  if (silentMs < settings.timings.leaseSeconds * 1000 * SILENT_LEASES) return false;
  if (!needsDriver(record)) {
    // Nobody writes it any more: if its last state was never told of, then now.
    await drive(record, ports);
    return false;
  }
  const written = await changeRelease(record, nextExecution(record), ports);
  // Written by somebody: it is alive.
  if (written === 'conflict') return false;
  await drive(written, ports);
  const { codeKey, version, state, owner } = written;
  ports.log.warn('a rollout was not driven on', { codeKey, version, state, silentMs, owner });
  return true;
}

/** Starts the rollout of what a key holds if nobody has taken it up; answers whether it did. */
async function takeUp({ ports }: Session, key: string): Promise<boolean> {
  const current = await ports.code.head(key);
  if (current === undefined) return false;
  const { line } = await readLine(key, ports);
  const { version } = current;
  const execution = executionForLost(current, line, ports.clock.nowMs());
  if (execution === undefined || (await isKnown(key, version, ports))) return false;
  if ((await ports.rollouts.start(execution, { key, version })) === 'already') return false;
  ports.log.warn('an upload had not been taken up', { key, version, execution });
  return true;
}

async function isKnown(key: string, version: string, { releases }: Ports): Promise<boolean> {
  return (await releases.read(key, version)) !== undefined;
}
