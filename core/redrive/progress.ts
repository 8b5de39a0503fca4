import { assertNever } from '../assert-never.ts';
import { type Counts, messagesIn } from '../lifecycle/rest.ts';
import type { Stay } from './match.ts';
import { type Allowance, afterSending, allowanceOf, type RedrivePace, restMs } from './pace.ts';
import { ended, mayStillSend, NOTHING_SKIPPED, type RedriveRecord } from './record.ts';

/** Longest that letters which were received are out of sight: those that stay do not come up again and again. */
export const HIDDEN_SECONDS = 300;
/** And shortest: where they are few, whoever looks next need not wait for long. */
const HIDDEN_LEAST_SECONDS = 30;
/** So many are received again in a second at most because they have come back into sight. */
const RECEIVED_AGAIN_PER_SECOND = 20;
/** So many are looked at whatever the count says, which is approximate and may know nothing of the last minute. */
export const LEAST_LETTERS = 100;
/** Counts may be a while behind what has been sent and deleted. */
const LOOK_AGAIN_MS = 30_000;
/** So many times in a look what has come since its last receive is asked for: tasks may have died again at once. */
const ASKED_FOR_LATECOMERS = 6;
/** Letters that somebody else keeps out of sight are waited for so long after the last one was found. */
const PATIENCE_MS = 2 * HIDDEN_SECONDS * 1000;
/** Longest wait, so that a changed limit is soon seen. */
const LONGEST_WAIT_SECONDS = 300;

const ENOUGH = 'as many as were asked for';

/** What to do in a step. */
export type StepPlan =
  | Allowance
  /** All that it may send is sent; a crash can come between that and its end. */
  | { readonly kind: 'over'; readonly because: string };

/** @param live what is in the pipeline's queue; approximate */
export function planStep(record: RedriveRecord, pace: RedrivePace, live: Counts, nowMs: number): StepPlan {
  const most = mayStillSend(record);
  if (most === 0) return { kind: 'over', because: ENOUGH };
  const allowance = allowanceOf(pace, live, record.nextSendMs, nowMs);
  return allowance.kind === 'send' ? { kind: 'send', most: Math.min(most, allowance.most) } : allowance;
}

/** What one step has seen of the dead-letter queue. */
export interface Slice {
  readonly sent: number;
  /** Counted, and then not taken by SQS. */
  readonly failed: number;
  readonly stayed: Readonly<Partial<Record<Stay, number>>>;
  readonly unread: number;
  readonly end: SliceEnd;
}

export type SliceEnd =
  /** As many as were allowed. */
  | 'enough'
  /** Its time is over. */
  | 'time'
  /** Nothing more comes out of the queue. */
  | 'through'
  /** As many letters stay as there were: some have come back into sight. */
  | 'around'
  /** More letters are out of sight than SQS allows. */
  | 'tooManyHidden'
  /** Somebody has stopped the redrive, or drives it in its place. */
  | 'denied';

/** The record with a look begun, unless one is under way. */
export function withLook(record: RedriveRecord, dead: Counts, nowMs: number): RedriveRecord {
  if (record.look !== undefined) return record;
  const { visible, inFlight } = dead;
  const seconds = Math.ceil((visible + inFlight) / RECEIVED_AGAIN_PER_SECOND);
  const look = {
    begunAtMs: nowMs,
    hiddenSeconds: Math.min(HIDDEN_SECONDS, Math.max(HIDDEN_LEAST_SECONDS, seconds)),
    unread: Math.max(visible, LEAST_LETTERS),
    sent: 0,
  };
  return { ...record, look, skipped: NOTHING_SKIPPED };
}

/** The record with so many letters counted, before they are sent: a crash in between sends fewer, never more. */
export function withSent(
  record: RedriveRecord,
  count: number,
  pace: RedrivePace,
  nowMs: number,
): RedriveRecord {
  const { look, nextSendMs } = record;
  return {
    ...record,
    sent: record.sent + count,
    ...(look === undefined ? {} : { look: { ...look, sent: look.sent + count } }),
    nextSendMs: afterSending(pace, nextSendMs, count, nowMs),
  };
}

/** The record with what a step has seen. */
export function withSlice(
  record: RedriveRecord,
  { sent, failed, stayed, unread }: Slice,
  nowMs: number,
): RedriveRecord {
  const { look, skipped } = record;
  return {
    ...record,
    sent: record.sent - failed,
    ...(sent > 0 ? { foundAtMs: nowMs } : {}),
    skipped: {
      otherReason: skipped.otherReason + (stayed.otherReason ?? 0),
      newer: skipped.newer + (stayed.newer ?? 0),
      tooOften: skipped.tooOften + (stayed.tooOften ?? 0),
      notSent: skipped.notSent + failed,
    },
    ...(look === undefined ? {} : { look: { ...look, unread, sent: look.sent - failed } }),
  };
}

/**
 * Decides how a redrive goes on after a step.
 * @param record with the slice
 * @param left what is in the dead-letter queue now; approximate
 */
export function afterSlice(
  record: RedriveRecord,
  end: SliceEnd,
  left: Counts,
  pace: RedrivePace,
  nowMs: number,
): RedriveRecord {
  if (mayStillSend(record) === 0) return over(record, ENOUGH, nowMs);
  switch (end) {
    case 'enough':
      return withWait(record, 'pace', restMs(pace, record.nextSendMs, nowMs), nowMs);
    case 'time':
    case 'denied':
      return withWait(record, undefined, 0, nowMs);
    case 'tooManyHidden':
      return isInVain(record, nowMs)
        ? over(record, 'the letters left are out of sight, and stay so', nowMs)
        : withWait(withoutLook(record), 'hiddenLetters', HIDDEN_SECONDS * 1000, nowMs);
    case 'around':
      // There may be more of what it has found.
      if (record.look !== undefined && record.look.sent > 0) {
        return withWait(withoutLook(record), undefined, 0, nowMs);
      }
      return afterLook(record, left, nowMs);
    case 'through':
      return afterLook(record, left, nowMs);
    default:
      return assertNever(end);
  }
}

/** Once nothing more came out of the queue: whether all that is left has been looked at. */
function afterLook(record: RedriveRecord, left: Counts, nowMs: number): RedriveRecord {
  const { look, skipped } = record;
  const hiddenMs = (look?.hiddenSeconds ?? HIDDEN_SECONDS) * 1000;
  const total = messagesIn(left);
  if (total === 0) return over(record, 'no dead letter is left', nowMs);
  // What SQS did not take is not among them: it may take it the next time.
  const seen = skipped.otherReason + skipped.newer + skipped.tooOften;
  // In a longer look letters that stay have come back into sight, and were counted twice.
  const isWhole = look !== undefined && nowMs - look.begunAtMs < hiddenMs;
  if (isWhole && seen >= total) return over(record, 'all that are left stay', nowMs);
  const askAgainMs = hiddenMs / ASKED_FOR_LATECOMERS;
  const isRestInSight = left.visible > 0 && left.inFlight <= seen;
  // After that, letters that stay would come up a second time.
  const isInTime = look !== undefined && nowMs + askAgainMs < look.begunAtMs + hiddenMs;
  if (isInTime && isRestInSight && look.unread > 0) return withWait(record, undefined, askAgainMs, nowMs);
  if (!look?.sent && isInVain(record, nowMs)) {
    return over(record, 'the letters left stay, or are out of sight', nowMs);
  }
  const untilSeenMs = left.inFlight > 0 ? hiddenMs : LOOK_AGAIN_MS;
  return withWait(withoutLook(record), 'hiddenLetters', untilSeenMs, nowMs);
}

function isInVain({ foundAtMs }: RedriveRecord, nowMs: number): boolean {
  return nowMs >= foundAtMs + PATIENCE_MS;
}

function over(record: RedriveRecord, because: string, nowMs: number): RedriveRecord {
  return ended(record, 'Done', because, nowMs);
}

/** The record with a wait of whole seconds before the next step. */
export function withWait(
  record: RedriveRecord,
  waitsFor: RedriveRecord['waitsFor'],
  afterMs: number,
  nowMs: number,
): RedriveRecord {
  const { waitsFor: _before, ...rest } = record;
  const afterSeconds = Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Math.ceil(afterMs / 1000)));
  const dueAtMs = nowMs + afterSeconds * 1000;
  return { ...rest, ...(waitsFor === undefined ? {} : { waitsFor }), updatedAtMs: nowMs, dueAtMs };
}

/** Whole seconds until the next step. */
export function waitSeconds({ updatedAtMs, dueAtMs }: RedriveRecord): number {
  return Math.round((dueAtMs - updatedAtMs) / 1000);
}

function withoutLook(record: RedriveRecord): RedriveRecord {
  const { look: _over, ...rest } = record;
  return rest;
}
