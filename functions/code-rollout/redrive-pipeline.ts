import { AwsError } from '../../aws/errors.ts';
import type { OutgoingMessage, Ports, QueueMessage } from '../../aws/ports.ts';
import { isRedrivable, REDRIVEN_ATTRIBUTE } from '../../core/release/redrive.ts';
import type { FormerCode, StatusRecord } from '../../core/status-record.ts';
import { sendAll } from '../trigger/send-all.ts';

/** Letters that were received are out of sight for so long: those that stay do not come up again and again. */
export const HIDDEN_SECONDS = 300;
/** A receive may find nothing though there is something, as SQS asks only some of its servers; hardly so many in a row. */
const EMPTY_RECEIVES = 5;

/** So many are looked at whatever the count says, which is approximate and may know nothing of the last minute. */
const LEAST_LETTERS = 100;

/** So long after the last receive letters are still sent: they are out of sight, and would be passed by. */
const SEND_MS = 10_000;

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
 * Sends dead letters of one pipeline again that were born under a release: each is sent, then deleted, so a
 * crash in between sends one twice and loses none. A pass ends where it has come upon as many letters that stay
 * as there were when it began: those come into sight again, and it would go round for ever.
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
  let sent = 0;
  let received = 0;
  let stillToRead = unread ?? Math.max(visible, LEAST_LETTERS);
  for (let empty = 0; empty < EMPTY_RECEIVES && stillToRead > 0; ) {
    if (ports.clock.nowMs() > untilMs) return { sent, left: 'time', unread: stillToRead };
    const letters = await receive(deadLetterQueueUrl, ports);
    if (letters === 'tooManyHidden') return { sent, left: 'hidden' };
    if (letters.length === 0) {
      empty += 1;
      continue;
    }
    empty = 0;
    received += letters.length;
    const again = letters.filter((letter) => isRedrivable(letter, former));
    const { failed } = await sendAll(
      queueUrl,
      again.map((letter) => marked(letter, former.version)),
      ports,
      untilMs + SEND_MS,
    );
    const lost = new Set(failed.map(({ id }) => id));
    const gone = again.filter(({ messageId }) => !lost.has(messageId));
    if (gone.length > 0) {
      await ports.queues.deleteMessages(
        deadLetterQueueUrl,
        gone.map(({ receipt }) => receipt),
      );
    }
    sent += gone.length;
    stillToRead -= letters.length - gone.length;
  }
  return { sent, left: inFlight > 0 || visible > received ? 'hidden' : 'nothing' };
}

/** SQS hands out no more while 120,000 messages of a queue are out of sight. */
async function receive(url: string, ports: Ports): Promise<readonly QueueMessage[] | 'tooManyHidden'> {
  try {
    return await ports.queues.receive(url, HIDDEN_SECONDS);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'OverLimit') return 'tooManyHidden';
    throw error;
  }
}

/** SQS takes ten attributes: a letter that has them all goes without the mark. */
const ATTRIBUTES_MOST = 10;

function marked({ messageId, body, attributes }: QueueMessage, version: string): OutgoingMessage {
  const full = Object.keys(attributes).length >= ATTRIBUTES_MOST;
  const mark = full ? {} : { [REDRIVEN_ATTRIBUTE]: { type: 'String', value: version } };
  const all = { ...attributes, ...mark };
  return { id: messageId, body, ...(Object.keys(all).length > 0 ? { attributes: all } : {}) };
}
