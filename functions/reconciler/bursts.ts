import type { Ports } from '../../aws/ports.ts';
import { assertNever } from '../../core/assert-never.ts';
import { handOver } from '../../core/burst/driver.ts';
import { careOf, givenUp, isSumDue, nextCheckMs, type Verdict, verdictOn } from '../../core/burst/keep.ts';
import { blockCount, partsIdOf, shardCount } from '../../core/burst/place.ts';
import type { BurstRecord, BurstTotals } from '../../core/burst/record.ts';
import { totalsOf } from '../../core/burst/totals.ts';
import { messagesIn } from '../../core/lifecycle/rest.ts';
import { drive as start } from '../burst/sending/drive.ts';
import { endBurst, tellEnd } from '../burst-listener/end-burst.ts';
import { sumUp } from '../burst-listener/sum-up.ts';
import { type Seeker, seekLetters } from './burst-seekers.ts';
import { noteLook } from './note-look.ts';
import type { Session } from './session.ts';

/** Bursts looked at in one tick, ... */
const BURSTS_A_TICK = 25;
/** ... and their shards: a million tasks. A larger burst gets a tick of its own. */
const SHARDS_A_TICK = 32_768;

/** What a tick has done for bursts. */
export interface BurstsDone {
  readonly looked: number;
  readonly ended: number;
  /** Handed to another execution, for nobody sent them on. */
  readonly driven: number;
}

/** What one look came to. */
type Looked =
  | { readonly kind: 'ended' | 'driven' | 'waits' }
  | { readonly kind: 'seeks'; readonly seeker: Seeker };

/** Looks at some bursts that have not ended, those first that are due the longest. */
export async function tendBursts(session: Session): Promise<BurstsDone> {
  const { ports } = session;
  const due = await ports.bursts.open(ports.clock.nowMs(), BURSTS_A_TICK);
  const looks = await session.each(upTo(SHARDS_A_TICK, due), ({ burstId }) => look(session, burstId));
  const seekers = looks.flatMap((one) => (one?.kind === 'seeks' ? [one.seeker] : []));
  const found = await seekLetters(session, seekers);
  const count = (kind: Looked['kind']) => looks.filter((one) => one?.kind === kind).length;
  return { looked: looks.length, ended: count('ended') + found.ended, driven: count('driven') };
}

function upTo(shards: number, bursts: readonly BurstRecord[]): readonly BurstRecord[] {
  let left = shards;
  return bursts.filter(({ total }, at) => {
    left -= shardCount(total);
    return at === 0 || left >= 0;
  });
}

async function look(session: Session, burstId: string): Promise<Looked> {
  const { ports } = session;
  const read = await ports.bursts.read(burstId);
  // The index may be a while behind.
  if (read?.checkAtMs === undefined) return { kind: 'waits' };
  if (read.state === 'Ended') {
    await tellEnd(read, ports);
    return { kind: 'waits' };
  }
  const { record, mark, totals } = await summed(read, ports);
  const nowMs = ports.clock.nowMs();
  const care = careOf(record, totals, nowMs);
  switch (care.kind) {
    case 'end':
      await endBurst(partsIdOf(record), 'over', ports);
      return { kind: 'ended' };
    case 'drive':
      return { kind: (await drive(record, totals, ports)) ? 'driven' : 'waits' };
    case 'giveUp': {
      ports.log.warn('a burst is not sent on', { burstId, state: record.state, ...totals });
      const because = 'nobody has sent the rest of it for long';
      await ports.bursts.write({ ...givenUp(record, mark, nowMs), because, checkAtMs: nowMs });
      return { kind: 'waits' };
    }
    case 'seek':
      return seek(session, record, totals);
    case 'wait':
      await noteLook(record, totals, ports);
      return { kind: 'waits' };
    default:
      return assertNever(care);
  }
}

/** The burst with its totals: as they are now, or were a while ago. */
async function summed(record: BurstRecord, ports: Ports) {
  const { bursts, clock } = ports;
  const partsId = partsIdOf(record);
  const blocks = await bursts.readEnd(partsId);
  const nowMs = clock.nowMs();
  if (record.totals !== undefined && !isSumDue(record, blocks.size >= blockCount(record.total), nowMs)) {
    return { record, mark: await bursts.readSent(partsId), totals: record.totals };
  }
  const { mark, tally } = await sumUp(record, ports);
  return { record: { ...record, summedAtMs: nowMs }, mark, totals: totalsOf(record, mark, tally.counts()) };
}

/** Answers whether nobody sent it on, and somebody does again. */
async function drive(record: BurstRecord, totals: BurstTotals, ports: Ports): Promise<boolean> {
  const nowMs = ports.clock.nowMs();
  // What was due meanwhile would come all at once.
  const later: BurstRecord = { ...record, replan: record.replan ?? { kind: 'samePace' } };
  const next = { ...handOver(later, nowMs), totals, checkAtMs: nextCheckMs(record, nowMs) };
  // Written by somebody: it is alive.
  if ((await ports.bursts.write(next)) === 'conflict') return false;
  await start(next, ports);
  ports.log.warn('a burst was not sent on', { burstId: next.burstId, owner: next.driver?.owner });
  return true;
}

async function seek(session: Session, record: BurstRecord, totals: BurstTotals): Promise<Looked> {
  const { ports, settings } = session;
  const status = await ports.statuses.read(record.pipelineId);
  const queue = status?.queueUrl === undefined ? undefined : await ports.queues.read(status.queueUrl);
  const nowMs = ports.clock.nowMs();
  const waiting = queue && messagesIn(queue.counts);
  const retentionSeconds = queue?.messageRetentionSeconds ?? 0;
  const { emptySpanSeconds } = settings.timings;
  const verdict: Verdict = verdictOn(record, { waiting, retentionSeconds }, emptySpanSeconds, nowMs);
  const seeker = (isLost: boolean): Looked => ({
    kind: 'seeks',
    seeker: { record, totals, isLost, deadLetterQueueUrl: status?.deadLetterQueueUrl },
  });
  switch (verdict.kind) {
    case 'left':
      return seeker(true);
    case 'quiet': {
      const quietSinceMs = record.quietSinceMs ?? nowMs;
      const checkAtMs = Math.ceil(quietSinceMs + emptySpanSeconds * 1000);
      await ports.bursts.write({ ...record, totals, quietSinceMs, checkAtMs });
      return { kind: 'waits' };
    }
    case 'wait':
      if (verdict.seeksLetters && record.isCounted) return seeker(false);
      await noteLook(record, totals, ports);
      return { kind: 'waits' };
    default:
      return assertNever(verdict);
  }
}
