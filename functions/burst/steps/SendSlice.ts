import { AwsError } from '../../../aws/errors.ts';
import type { Ports } from '../../../aws/ports.ts';
import { assertNever } from '../../../core/assert-never.ts';
import type { BurstState } from '../../../core/burst/burst-state.ts';
import { busyUntilMs, claimed, handOver, isDrivenBy, released } from '../../../core/burst/driver.ts';
import { givenUp, isMarkLost, isNothingSent } from '../../../core/burst/keep.ts';
import { stuck } from '../../../core/burst/pauses.ts';
import { partsIdOf } from '../../../core/burst/place.ts';
import type { BurstRecord } from '../../../core/burst/record.ts';
import { SOURCE_CHANGED } from '../../../core/burst/source.ts';
import { ROUNDS_MOST } from '../../../core/machine-step.ts';
import { Refused } from '../../../core/refused.ts';
import type { StageSettings } from '../../../core/stage-settings.ts';
import { changeBurst } from '../sending/change-burst.ts';
import { drive } from '../sending/drive.ts';
import { noteSlice } from '../sending/finish.ts';
import { readerOf } from '../sending/read-tasks.ts';
import { type SliceSent, sendSlice } from '../sending/slice.ts';
import { steer } from '../steer.ts';

/** Whom a step works for, and how long it may take. */
export interface SliceTurn {
  readonly burstId: string;
  /** The so-manieth step of the execution. */
  readonly rounds: number;
  /** The execution's name. */
  readonly owner: string;
  /** When this function must be over, epoch milliseconds. */
  readonly deadlineMs: number;
}

type StepEnd = Pick<BurstState, 'outcome' | 'afterSeconds'>;

/** What noting the end of a step may take, milliseconds. */
const NOTE_MS = 10_000;
/** Somebody else still sends the burst: looked for as often. */
const BUSY_SECONDS = 5;
/** A pipeline that is not ready is looked for as often, and for so long: it may be in the making. */
const NOT_READY = { afterMs: 30_000, patienceMs: 3_600_000 };
/** What AWS refuses for good, it may yet allow: what was just changed is not so everywhere at once. */
const REFUSED_BY_AWS = { afterMs: 10_000, patienceMs: 300_000 };
const SOON_SECONDS = 1;
const MARK_LOST = 'how far it was sent is not known any more: that is kept for 30 days';

/** Sends what is due within 15 minutes of a burst, and says when to come back. */
export async function sendSliceStep(
  turn: SliceTurn,
  ports: Ports,
  settings: StageSettings,
): Promise<StepEnd> {
  const { burstId, owner, rounds, deadlineMs } = turn;
  const record = await ports.bursts.read(burstId);
  if (record === undefined) return { outcome: 'over', afterSeconds: 0 };
  const nowMs = ports.clock.nowMs();
  if (isDrivenBy(record, owner) && rounds <= ROUNDS_MOST && busyUntilMs(record, owner) > nowMs) {
    const afterMs = Math.min(BUSY_SECONDS * 1000, busyUntilMs(record, owner) - nowMs);
    return { outcome: 'again', afterSeconds: Math.ceil(afterMs / 1000) };
  }
  const taken = await changeBurst(record, ports, (one) => {
    if (!isDrivenBy(one, owner)) return undefined;
    return rounds > ROUNDS_MOST ? handOver(one, nowMs) : claimed(one, owner, deadlineMs);
  });
  // Also where the attempt before this one has handed over, and crashed before the other began.
  if (!isDrivenBy(taken, owner)) return leave(taken, owner, ports);
  const stopMs = deadlineMs - settings.timings.callSeconds * 1000 - NOTE_MS;
  return work(taken, owner, stopMs, ports);
}

async function work(record: BurstRecord, owner: string, stopMs: number, ports: Ports): Promise<StepEnd> {
  try {
    const mark = await ports.bursts.readSent(partsIdOf(record));
    if (isMarkLost(record, mark)) return await end(record, owner, MARK_LOST, ports);
    const steered = await steer(record, mark, owner, stopMs, ports);
    if (steered === undefined) return rest(record, owner, ports.clock.nowMs() + SOON_SECONDS * 1000, ports);
    if (!isDrivenBy(steered, owner)) return leave(steered, owner, ports);
    const slice = await sendSlice(steered, readerOf(steered, ports), ports, stopMs);
    return await afterSlice(await noteSlice(steered, slice, ports), owner, slice, ports);
  } catch (error) {
    return afterFailure(record, owner, error, ports);
  }
}

function afterSlice(record: BurstRecord, owner: string, { end }: SliceSent, ports: Ports): Promise<StepEnd> {
  switch (end.kind) {
    case 'sent':
    case 'changed':
    case 'outOfTime':
      return rest(record, owner, ports.clock.nowMs() + SOON_SECONDS * 1000, ports);
    case 'later':
      return rest(record, owner, end.atMs, ports);
    default:
      return assertNever(end);
  }
}

/**
 * What nobody can mend by trying again is written down. What somebody may mend is tried again for a while, and then the
 * burst is paused. What passes by itself the machine tries again.
 */
async function afterFailure(
  record: BurstRecord,
  owner: string,
  error: unknown,
  ports: Ports,
): Promise<StepEnd> {
  if (error instanceof AwsError) {
    if (error.code === SOURCE_CHANGED) return end(record, owner, error.message, ports);
    if (error.retryable) throw error;
    return hold(record, owner, error.message, REFUSED_BY_AWS, ports);
  }
  if (!(error instanceof Refused)) throw error;
  const isGone = error.code === 'UnknownPipeline' || error.code === 'Draining';
  return hold(record, owner, error.message, isGone ? { afterMs: 0, patienceMs: 0 } : NOT_READY, ports);
}

/** Sends nothing more of it, ever. */
async function end(record: BurstRecord, owner: string, because: string, ports: Ports): Promise<StepEnd> {
  const mark = await ports.bursts.readSent(partsIdOf(record));
  const ended = await changeBurst(record, ports, (one) =>
    isDrivenBy(one, owner) ? { ...released(givenUp(one, mark, ports.clock.nowMs())), because } : undefined,
  );
  return stop(ended, owner, ports);
}

/** Sends nothing of it for now: whoever has lost patience pauses it. One that is cancelled waits for nothing. */
async function hold(
  record: BurstRecord,
  owner: string,
  because: string,
  { afterMs, patienceMs }: { readonly afterMs: number; readonly patienceMs: number },
  ports: Ports,
): Promise<StepEnd> {
  const mark = await ports.bursts.readSent(partsIdOf(record));
  const nowMs = ports.clock.nowMs();
  const dueAtMs = nowMs + afterMs;
  const held = await changeBurst(record, ports, (one) => {
    if (!isDrivenBy(one, owner)) return undefined;
    const begun = isNothingSent(mark) ? one : { ...one, hasBegun: true };
    const next = stuck(begun, because, { patienceMs, dueAtMs }, nowMs);
    if (next.state !== 'Paused' || !one.isCancelled) return next;
    return { ...released(givenUp(begun, mark, nowMs)), because };
  });
  if (isDrivenBy(held, owner)) return { outcome: 'again', afterSeconds: Math.ceil(afterMs / 1000) };
  return stop(held, owner, ports);
}

async function stop(stopped: BurstRecord, owner: string, ports: Ports): Promise<StepEnd> {
  const { burstId, pipelineId, state, because } = stopped;
  ports.log.warn('a burst is not sent on', { burstId, pipelineId, state, because });
  return leave(stopped, owner, ports);
}

/** Ends a step, and says when the next one is due. */
async function rest(record: BurstRecord, owner: string, dueAtMs: number, ports: Ports): Promise<StepEnd> {
  const free = await changeBurst(record, ports, (one) => {
    if (isDrivenBy(one, owner)) return released(one, dueAtMs);
    return one.sending?.by === owner ? released(one) : undefined;
  });
  if (!isDrivenBy(free, owner)) return leave(free, owner, ports);
  const afterSeconds = Math.max(1, Math.floor((dueAtMs - ports.clock.nowMs()) / 1000));
  return { outcome: 'again', afterSeconds };
}

/** There is nothing more to do for this execution. */
async function leave(record: BurstRecord, owner: string, ports: Ports): Promise<StepEnd> {
  if (record.driver?.owner !== owner) await drive(record, ports);
  const isDone = record.state === 'Sent' && record.driver?.owner === owner;
  return { outcome: isDone ? 'done' : 'over', afterSeconds: 0 };
}
