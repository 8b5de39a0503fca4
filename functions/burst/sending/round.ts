import type { Ports } from '../../../aws/ports.ts';
import { keptStarts } from '../../../core/burst/kept-starts.ts';
import { notedNumbers, readNoted } from '../../../core/burst/noted.ts';
import { partsIdOf } from '../../../core/burst/place.ts';
import type { BurstRecord, Refusal, SentMark } from '../../../core/burst/record.ts';
import { boundsOf, type DueTask, type Round } from '../../../core/burst/round.ts';
import { type Call, composeRound, nextCall } from '../../../core/spread/phases.ts';
import { insist } from './insist.ts';
import { createNoter, type NoteEnd } from './noter.ts';
import { type CallSending, sendCall } from './send-call.ts';

/** Calls at once, until they are noted: enough for some thousand messages a second, few enough for one function's sockets. */
export const CALLS_IN_FLIGHT = 32;

/** What is sooner is waited for here. */
const WAIT_HERE_MS = 5_000;

export interface RoundSending extends CallSending {
  readonly round: Round;
  /** As far as the burst was sent before. */
  readonly mark: SentMark;
}

/** What became of a round. Only one that is `sent` is over. */
export type RoundEnd =
  | { readonly kind: 'sent'; readonly mark: SentMark; readonly refusals: readonly Refusal[] }
  /** Not all of it can be sent before: none of it is; epoch milliseconds. */
  | { readonly kind: 'later'; readonly atMs: number }
  | { readonly kind: 'outOfTime' }
  /** Somebody else has ended it. */
  | { readonly kind: 'over' };

/**
 * Sends those calls of a round that nobody has noted, each at its moment, some at once. A call is noted before whoever
 * sent it sends another: a crash leaves no more than the calls in flight in doubt.
 * @throws {AwsError} where SQS or the table does not answer for long; what was answered is noted
 */
export async function sendRound(sending: RoundSending, ports: Ports): Promise<RoundEnd> {
  const { record, round, mark, stopMs } = sending;
  const { startMs, plan } = round.segment;
  const noted = readNoted(mark.calls, round.fromIndex);
  const left = new Set(
    composeRound(round.tasks, boundsOf(plan.window)).filter(({ number }) => !noted.calls.has(number)),
  );
  const readyMs = startMs + Math.max(...[...left].map(({ earliestMs }) => earliestMs));
  if (readyMs > ports.clock.nowMs() + WAIT_HERE_MS) return { kind: 'later', atMs: readyMs };
  if (ports.clock.nowMs() > stopMs) return { kind: 'outOfTime' };

  await tellRefused(record, round.refused, ports);
  const sent = await sendCalls(left, sending, ports);
  if (sent.kind !== 'sent') return sent;
  const refusals = [...round.refused, ...sent.refusals];
  const refusedBySqs = noted.refused.length + sent.refusals.length;
  const next = {
    fromIndex: round.nextIndex,
    fromByte: round.nextByte,
    starts: keptStarts(round.nextStarts),
    accepted: mark.accepted + round.tasks.length - refusedBySqs,
    refused: mark.refused + round.refused.length + refusedBySqs,
  };
  const end = await insist(() => ports.bursts.noteRound(partsIdOf(record), round.fromIndex, next), ports);
  return end === 'over' ? { kind: 'over' } : { kind: 'sent', mark: { ...next, calls: [] }, refusals };
}

type CallsEnd =
  | { readonly kind: 'sent'; readonly refusals: readonly Refusal[] }
  | Exclude<RoundEnd, { kind: 'sent' }>;

async function sendCalls(left: Set<Call<DueTask>>, sending: RoundSending, ports: Ports): Promise<CallsEnd> {
  const { record, round, stopMs } = sending;
  const { clock } = ports;
  const { startMs } = round.segment;
  const refusals: Refusal[] = [];
  let stopped: 'outOfTime' | 'over' | undefined;
  const note = createNoter((numbers) =>
    insist<NoteEnd>(() => ports.bursts.noteCalls(partsIdOf(record), round.fromIndex, numbers), ports),
  );
  const failures: unknown[] = [];

  const worker = async () => {
    while (stopped === undefined && failures.length === 0) {
      const next = nextCall(left, clock.nowMs() - startMs);
      if (next === undefined) return;
      left.delete(next.call);
      const waitMs = startMs + next.atMs - clock.nowMs();
      if (startMs + next.atMs > stopMs) {
        stopped ??= 'outOfTime';
        return;
      }
      if (waitMs > 0) await clock.sleep(waitMs);
      const sent = await sendCall(next.call, sending, ports);
      if (sent.kind === 'untried') {
        stopped ??= 'outOfTime';
        return;
      }
      refusals.push(...sent.refused);
      await tellRefused(record, sent.refused, ports);
      const refused = sent.refused.map(({ index }) => index);
      if ((await note(notedNumbers(next.call.number, refused, round.fromIndex))) === 'over') stopped = 'over';
    }
  };
  const workers = Array.from({ length: Math.min(CALLS_IN_FLIGHT, left.size) }, () =>
    worker().catch((error: unknown) => failures.push(error)),
  );
  // Those that go well are noted, whatever fails beside them.
  await Promise.all(workers);
  if (failures.length > 0) throw failures[0];
  return stopped === undefined ? { kind: 'sent', refusals } : { kind: stopped };
}

/** Counts tasks as over that will never run, where the burst is counted. Telling it twice counts them once. */
async function tellRefused(record: BurstRecord, refused: readonly Refusal[], ports: Ports): Promise<void> {
  if (refused.length === 0 || !record.isCounted) return;
  const indexes = refused.map(({ index }) => index);
  await insist(() => ports.bursts.addOver(partsIdOf(record), 'refused', indexes), ports);
}
