import type { Ports } from '../../../aws/ports.ts';
import { partsIdOf } from '../../../core/burst/place.ts';
import type { BurstRecord, Refusal, SentMark } from '../../../core/burst/record.ts';
import { FAILURES_NAMED } from '../../../core/burst/result.ts';
import { refuseBeyondRetention } from '../../../core/burst/retention.ts';
import { noteActivity, wakeIfResting, wakeIfRestingNow } from '../../trigger/keep-awake.ts';
import { readyPipeline } from '../../trigger/ready-pipeline.ts';
import type { ReadTasks } from './read-tasks.ts';
import { type RoundEnd, sendRound } from './round.ts';
import { roundsOf } from './rounds.ts';

/** How far a slice came. */
export interface SliceSent {
  readonly end: /** All tasks are with SQS, or refused. */
    | { readonly kind: 'sent' }
    /** SQS does not hold the next tasks back so long; epoch milliseconds. */
    | { readonly kind: 'later'; readonly atMs: number }
    | { readonly kind: 'outOfTime' }
    /** Somebody has paused, cancelled or re-planned the burst, or another one sends it: read its record again. */
    | { readonly kind: 'changed' };
  readonly mark: SentMark;
  /** Tasks that were refused in this slice; the first ones of very many. */
  readonly refusals: readonly Refusal[];
}

/**
 * Sends a burst from where it is on, round by round, until all is sent, or nothing more can be. Begins no round once
 * the burst's record says otherwise, and leaves none half done by itself: a re-plan always begins with a new round.
 * @param record as it was read or written last
 * @param read the burst's tasks
 * @param stopMs no call of SQS begins after this, epoch milliseconds
 * @param mostRounds of rounds; 1 for one that may be half done, before a new plan
 * @throws {Refused} where the pipeline takes no tasks; {AwsError} where AWS does not answer for long: call it again
 */
export async function sendSlice(
  record: BurstRecord,
  read: ReadTasks,
  ports: Ports,
  stopMs: number,
  mostRounds = Number.POSITIVE_INFINITY,
): Promise<SliceSent> {
  const { burstId, pipelineId } = record;
  const status = await readyPipeline(pipelineId, ports);
  // It may have been lowered since the burst was planned.
  const last = record.segments.at(-1);
  if (last !== undefined) refuseBeyondRetention(last.plan.window, status.applied.wanted);
  // Woken first, so that it is awake when the tasks are there; asked again after, in case it just went to rest.
  const cause = `${burstId} ${ports.clock.nowMs()}`;
  const woken = await wakeIfResting(await noteActivity(status, ports), cause, ports);
  const slice = await sendRounds({ record, url: status.queueUrl, read, stopMs, mostRounds }, ports);
  const mayRest = status.applied.wanted.restWhenIdleSeconds !== undefined;
  if (mayRest && !woken) await wakeIfRestingNow(pipelineId, cause, ports);
  return slice;
}

interface Slice {
  readonly record: BurstRecord;
  readonly url: string;
  readonly read: ReadTasks;
  readonly stopMs: number;
  readonly mostRounds: number;
}

async function sendRounds(slice: Slice, ports: Ports): Promise<SliceSent> {
  const refusals: Refusal[] = [];
  for (;;) {
    const mark = await ports.bursts.readSent(partsIdOf(slice.record));
    const sent = await sendFrom(mark, slice, refusals, ports);
    // Somebody else sends the same burst: from where that one is on.
    if (sent !== 'over') return sent;
  }
}

/** @param refusals of this slice, added to */
async function sendFrom(
  from: SentMark,
  { record, url, read, stopMs, mostRounds }: Slice,
  refusals: Refusal[],
  ports: Ports,
): Promise<SliceSent | 'over'> {
  let mark = from;
  let sent = 0;
  for await (const round of roundsOf(record, mark, read)) {
    if (sent >= mostRounds || (sent > 0 && !(await isAsBefore(record, ports)))) {
      return { end: { kind: 'changed' }, mark, refusals };
    }
    const end: RoundEnd = await sendRound({ record, url, round, mark, stopMs }, ports);
    if (end.kind === 'over') return 'over';
    if (end.kind !== 'sent') return { end, mark, refusals };
    mark = end.mark;
    sent += 1;
    refusals.push(...end.refusals.slice(0, FAILURES_NAMED - refusals.length));
  }
  return { end: { kind: 'sent' }, mark, refusals };
}

/** Whether the burst is still to be sent, by the same plan and by the same one. */
async function isAsBefore(before: BurstRecord, ports: Ports): Promise<boolean> {
  const now = await ports.bursts.read(before.burstId);
  return (
    now?.state === 'Sending' &&
    now.isCancelled === before.isCancelled &&
    now.driver?.owner === before.driver?.owner &&
    now.segments.length === before.segments.length &&
    now.segments.at(-1)?.startMs === before.segments.at(-1)?.startMs
  );
}
