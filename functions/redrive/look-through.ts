import type { OutgoingMessage, Ports, QueueMessage } from '../../aws/ports.ts';
import type { SliceEnd } from '../../core/redrive/progress.ts';
import { sendAll } from '../trigger/send-all.ts';
import { putBack } from './put-back.ts';
import { EMPTY_RECEIVES, receiveLetters } from './receive-letters.ts';

/** Receipts are not short. */
const HIDDEN_KEPT = 1_000;
/** So long after the last receive letters are still sent: they are out of sight, and would be passed by. */
const SEND_MS = 10_000;

/** What is looked for in a dead-letter queue, and what is done with it. */
export interface Search<Why extends string> {
  readonly deadLetterQueueUrl: string;
  /** Where letters are sent again. */
  readonly queueUrl: string;
  readonly judge: (letter: QueueMessage) => Judged<Why>;
  /** Asked before letters are sent, once for each receive. */
  readonly mayTake?: (count: number) => Promise<boolean>;
  /** Most letters to send. */
  readonly most: number;
  /** How long letters that are received are out of sight. */
  readonly hiddenSeconds: number;
  /** Letters that stay that it may come upon: they come back into sight, and it would go round for ever. */
  readonly unread: number;
  /** No further receive after this, epoch milliseconds. */
  readonly untilMs: number;
}

export type Judged<Why extends string> =
  | { readonly kind: 'take'; readonly again: Pick<OutgoingMessage, 'body' | 'attributes'> }
  | { readonly kind: 'stay'; readonly why: Why };

export interface Found<Why extends string> {
  readonly sent: number;
  /** Letters that SQS did not take; they are where they were. */
  readonly failed: number;
  readonly received: number;
  readonly stayed: Readonly<Partial<Record<Why, number>>>;
  /** Receipts of those that stay, of the first thousand or so: they can be put back. */
  readonly hidden: readonly string[];
  readonly unread: number;
  readonly end: SliceEnd;
}

/**
 * Goes through a pipeline's dead letters and sends again those that are to be: each is sent, then deleted, so a crash in
 * between sends one twice and loses none. Those that stay are out of sight for a while.
 */
export async function lookThrough<Why extends string>(
  search: Search<Why>,
  ports: Ports,
): Promise<Found<Why>> {
  const { deadLetterQueueUrl: url, judge, mayTake = () => Promise.resolve(true) } = search;
  let { most, unread } = search;
  let [sent, failed, received] = [0, 0, 0];
  const stayed: Partial<Record<Why, number>> = {};
  const hidden: string[] = [];
  const endedBy = (end: SliceEnd): Found<Why> => ({ sent, failed, received, stayed, hidden, unread, end });

  for (let empty = 0; empty < EMPTY_RECEIVES; ) {
    if (most <= 0) return endedBy('enough');
    if (unread <= 0) return endedBy('around');
    if (ports.clock.nowMs() > search.untilMs) return endedBy('time');
    const letters = await receiveLetters(url, search.hiddenSeconds, ports);
    if (letters === 'tooManyHidden') return endedBy('tooManyHidden');
    empty = letters.length === 0 ? empty + 1 : 0;
    received += letters.length;

    const wanted: Taken[] = [];
    for (const letter of letters) {
      const judged = judge(letter);
      if (judged.kind === 'take') wanted.push({ letter, again: judged.again });
      else {
        stayed[judged.why] = (stayed[judged.why] ?? 0) + 1;
        if (hidden.length < HIDDEN_KEPT) hidden.push(letter.receipt);
      }
    }
    unread -= letters.length - wanted.length;
    const taken = wanted.slice(0, most);
    if (taken.length > 0 && !(await mayTake(taken.length))) {
      await putBack(url, receiptsOf(wanted), ports);
      return endedBy('denied');
    }
    const gone = await sendAgain(search, taken, ports);
    sent += gone;
    failed += taken.length - gone;
    unread -= taken.length - gone;
    most -= gone;
    await putBack(url, receiptsOf(wanted.slice(taken.length)), ports);
  }
  return endedBy('through');
}

interface Taken {
  readonly letter: QueueMessage;
  readonly again: Pick<OutgoingMessage, 'body' | 'attributes'>;
}

/** Answers how many were sent and are dead letters no more. */
async function sendAgain(
  { queueUrl, deadLetterQueueUrl, untilMs }: Search<string>,
  taken: readonly Taken[],
  ports: Ports,
): Promise<number> {
  const messages = taken.map(({ letter, again: { body, attributes = {} } }) => ({
    id: letter.messageId,
    body,
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  }));
  const { failed } = await sendAll(queueUrl, messages, ports, untilMs + SEND_MS);
  const lost = new Set(failed.map(({ id }) => id));
  const gone = taken.filter(({ letter }) => !lost.has(letter.messageId));
  if (gone.length > 0) {
    await ports.queues.deleteMessages(
      deadLetterQueueUrl,
      gone.map(({ letter }) => letter.receipt),
    );
  }
  return gone.length;
}

function receiptsOf(letters: readonly Taken[]): readonly string[] {
  return letters.map(({ letter }) => letter.receipt);
}
