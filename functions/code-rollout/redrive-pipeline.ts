import type { OutgoingMessage, Ports, QueueMessage } from '../../aws/ports.ts';
import { SQS_MESSAGE_ATTRIBUTES } from '../../core/aws-limits.ts';
import { sentAgain } from '../../core/dead-letter.ts';
import { HIDDEN_SECONDS, LEAST_LETTERS } from '../../core/redrive/progress.ts';
import { isRedrivable, REDRIVEN_ATTRIBUTE } from '../../core/release/redrive.ts';
import type { FormerCode, StatusRecord } from '../../core/status-record.ts';
import { lookThrough } from '../redrive/look-through.ts';

/** Dead letters that were sent again, and what may be left of them. */
export interface Redriven {
  readonly sent: number;
  /**
   * `time` was over; some are `hidden`: received before, perhaps by an attempt that crashed before it sent them, or
   * there though no receive has found them, or more are out of sight than SQS allows.
   */
  readonly left: 'nothing' | 'time' | 'hidden';
  /** Where `time` was over: how many letters that stay this pass may still come upon. */
  readonly unread?: number;
}

/**
 * Sends dead letters of one pipeline again that were born under a release. A pass ends where it has come upon as many
 * letters that stay as there were when it began.
 * @param unread what the attempt before has left of this pass; undefined begins one
 * @param untilMs no further receive after this, epoch milliseconds
 */
export async function redrivePipeline(
  { queueUrl, deadLetterQueueUrl }: StatusRecord,
  former: FormerCode,
  ports: Ports,
  untilMs: number,
  unread?: number,
): Promise<Redriven> {
  if (queueUrl === undefined || deadLetterQueueUrl === undefined) {
    return { sent: 0, left: 'nothing' };
  }
  const before = await ports.queues.read(deadLetterQueueUrl);
  if (before === undefined) return { sent: 0, left: 'nothing' };
  const { visible, inFlight } = before.counts;
  const found = await lookThrough(
    {
      deadLetterQueueUrl,
      queueUrl,
      judge: (letter) =>
        isRedrivable(letter, former)
          ? { kind: 'take', again: marked(letter, former.version, ports.clock.nowMs()) }
          : { kind: 'stay', why: 'older' },
      most: Number.POSITIVE_INFINITY,
      hiddenSeconds: HIDDEN_SECONDS,
      unread: unread ?? Math.max(visible, LEAST_LETTERS),
      untilMs,
    },
    ports,
  );
  if (found.end === 'time') return { sent: found.sent, left: 'time', unread: found.unread };
  const mayBeHidden = found.end === 'tooManyHidden' || inFlight > 0 || visible > found.received;
  return { sent: found.sent, left: mayBeHidden ? 'hidden' : 'nothing' };
}

/** SQS takes ten attributes: the mark comes before the count of redrives, and a letter that has them all goes without. */
function marked(
  letter: QueueMessage,
  version: string,
  nowMs: number,
): Pick<OutgoingMessage, 'body' | 'attributes'> {
  const mark = { [REDRIVEN_ATTRIBUTE]: { type: 'String', value: version } };
  const all = { ...letter.attributes, ...mark };
  const attributes = Object.keys(all).length > SQS_MESSAGE_ATTRIBUTES ? letter.attributes : all;
  return sentAgain({ ...letter, attributes }, nowMs);
}
