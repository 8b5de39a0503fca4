import type { Ports } from '../../aws/ports.ts';
import { isOpen, type ReleaseRecord } from '../../core/release/record.ts';

/** Releases that went nowhere stay readable for so long. */
const RECORD_STAYS_SECONDS = 90 * 86_400;

/**
 * Writes a release record with changes, and tells EventBridge of a new state: at least once, and of one state
 * before the next. Who comes after a crash in between tells it first.
 * @returns the record as it is then; `conflict` where somebody else has written it since
 */
export async function changeRelease(
  record: ReleaseRecord,
  changes: Partial<ReleaseRecord>,
  ports: Ports,
): Promise<ReleaseRecord | 'conflict'> {
  if (record.revision > 0 && record.announced !== record.state) await announce(record, ports);
  const nowMs = ports.clock.nowMs();
  const at = new Date(nowMs).toISOString();
  const news = record.revision === 0 || (changes.state ?? record.state) !== record.state;
  const next = {
    ...record,
    ...(record.revision > 0 ? { announced: record.state } : {}),
    ...changes,
    updatedAt: at,
    aliveAtMs: nowMs,
    ...(news ? ending(changes, nowMs) : {}),
  };
  const written = await write(next, ports);
  if (written === 'conflict' || !news) return written;
  ports.log.info('release', { codeKey: next.codeKey, version: next.version, state: next.state });
  await announce(written, ports);
  return write({ ...written, announced: written.state }, ports);
}

async function write(record: ReleaseRecord, ports: Ports): Promise<ReleaseRecord | 'conflict'> {
  if ((await ports.releases.write(record)) === 'conflict') return 'conflict';
  return { ...record, revision: record.revision + 1 };
}

/** What else a new state brings with it. */
function ending({ state }: Partial<ReleaseRecord>, nowMs: number): Partial<ReleaseRecord> {
  if (state === undefined || isOpen({ state })) return { endedAt: undefined, expiresAt: undefined };
  const goesNowhere = state === 'Rejected' || state === 'Superseded' || state === 'RolledBack';
  return {
    endedAt: new Date(nowMs).toISOString(),
    expiresAt: goesNowhere ? Math.floor(nowMs / 1000) + RECORD_STAYS_SECONDS : undefined,
  };
}

async function announce(record: ReleaseRecord, ports: Ports): Promise<void> {
  const { codeKey, version, state, announced, wave, waves, counts, reason, evidence } = record;
  await ports.events.publish('Release state changed', {
    codeKey,
    version,
    state,
    ...(announced === undefined ? {} : { from: announced }),
    wave: { number: wave + 1, of: waves.length },
    counts,
    ...(reason === undefined ? {} : { reason }),
    evidence,
    at: record.updatedAt,
  });
}
