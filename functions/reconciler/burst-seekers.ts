import type { Ports } from '../../aws/ports.ts';
import { partsIdOf } from '../../core/burst/place.ts';
import type { BurstRecord, BurstTotals } from '../../core/burst/record.ts';
import { endBurst } from '../burst-listener/end-burst.ts';
import { type BuriedTasks, findBuried } from './burst-letters.ts';
import { noteLook } from './note-look.ts';
import type { Session } from './session.ts';

/** Letters looked at in one tick, all queues together, ... */
const LETTERS_A_TICK = 10_000;
/** ... and how long that may take. */
const LOOK_MS = 20_000;
/** Letters that somebody else keeps out of sight are waited for so long, once a burst's queue is empty. */
const PATIENCE_MS = 1_800_000;

/** A burst some of whose tasks may be dead letters that nobody has noted: SQS moves them without a word. */
export interface Seeker {
  readonly record: BurstRecord;
  readonly totals: BurstTotals;
  /** What is not among the dead letters is nowhere. */
  readonly isLost: boolean;
  readonly deadLetterQueueUrl: string | undefined;
}

/** Looks through the dead letters of each pipeline once for all of its bursts, and ends those of which nothing is left. */
export async function seekLetters(
  session: Session,
  seekers: readonly Seeker[],
): Promise<{ readonly ended: number }> {
  const untilMs = session.ports.clock.nowMs() + LOOK_MS;
  const pipelines = Map.groupBy(seekers, ({ record }) => record.pipelineId);
  let ended = 0;
  // One after the other, so that the tick's work is bounded; what it does not come to is due the longest in the next.
  for (const group of pipelines.values()) {
    if (session.ports.clock.nowMs() >= untilMs) break;
    const done = await session.each([group], (bursts) => seekInOne(session, bursts, untilMs));
    ended += done[0] ?? 0;
  }
  return { ended };
}

/** @param seekers of one pipeline; answers how many have ended */
async function seekInOne(session: Session, seekers: readonly Seeker[], untilMs: number): Promise<number> {
  const { ports } = session;
  const buried = await look(seekers, untilMs, ports);
  if (buried === 'hidden') {
    await session.each(seekers, ({ record, totals }) => waitForLetters(record, totals, ports));
    return 0;
  }
  const ended = await session.each(seekers, async ({ record, totals, isLost }) => {
    const partsId = partsIdOf(record);
    await ports.bursts.addOver(partsId, 'dead', buried.get(partsId) ?? []);
    if (isLost) await endBurst(partsId, 'lost', ports);
    else await noteLook(record, totals, ports);
    return isLost;
  });
  return ended.filter(Boolean).length;
}

async function look(
  seekers: readonly Seeker[],
  untilMs: number,
  ports: Ports,
): Promise<BuriedTasks | 'hidden'> {
  const counted = seekers.filter(({ record }) => record.isCounted);
  const url = counted[0]?.deadLetterQueueUrl;
  const state = url === undefined ? undefined : await ports.queues.read(url);
  if (state === undefined) return new Map();
  const { visible, inFlight } = state.counts;
  const nowMs = ports.clock.nowMs();
  const waits = counted.some(({ record }) => nowMs < (record.quietSinceMs ?? 0) + PATIENCE_MS);
  if (inFlight > 0 && waits) return 'hidden';
  if (visible + inFlight === 0) return new Map();
  const ids = new Set(counted.map(({ record }) => partsIdOf(record)));
  return findBuried(state.url, ids, LETTERS_A_TICK, untilMs, ports);
}

/** Unlike a look that finds the queue at work, it goes on being quiet. */
async function waitForLetters(record: BurstRecord, totals: BurstTotals, ports: Ports): Promise<void> {
  await ports.bursts.write({ ...record, totals, checkAtMs: ports.clock.nowMs() + 60_000 });
}
