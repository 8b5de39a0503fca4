import { AwsError } from '../../aws/errors.ts';
import type { OutgoingMessage, Ports, SendFailure } from '../../aws/ports.ts';
import { fullJitter } from '../../core/backoff.ts';

const TRIES = 6;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** What became of a batch: a message that is in none of these is accepted. */
export interface BatchSent {
  /** SQS did not take them, and why. */
  readonly failed: readonly SendFailure[];
  /** Time was up before it took them. */
  readonly untried: readonly string[];
  /** The last try failed as a whole: what failed by it is no message's own fault. */
  readonly outage?: AwsError;
}

/**
 * Sends at most ten messages and a mebibyte to one queue. What SQS does not take is tried again with capped full
 * jitter, and in the end reported; a call that nobody can mend by trying again is reported at once. A message whose reply
 * was lost is sent again: SQS delivers at least once anyway.
 * @param make called before each try, as delays depend on when a message is sent
 * @param stopMs no try starts after this, epoch milliseconds
 */
export async function sendBatch(
  url: string,
  make: () => readonly OutgoingMessage[],
  ports: Ports,
  stopMs: number,
): Promise<BatchSent> {
  const failed: SendFailure[] = [];
  let waiting: ReadonlySet<string> | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const messages = make().filter(({ id }) => waiting?.has(id) ?? true);
    if (ports.clock.nowMs() > stopMs) return { failed, untried: messages.map(({ id }) => id) };
    const { refused, outage } = await sendOnce(url, messages, ports);
    failed.push(...refused.filter((one) => one.senderFault));
    const again = refused.filter((one) => !one.senderFault);
    if (again.length === 0) return { failed, untried: [] };
    if (attempt === TRIES - 1 || outage?.retryable === false) {
      return { failed: [...failed, ...again], untried: [], ...(outage && { outage }) };
    }
    waiting = new Set(again.map(({ id }) => id));
    const { random, clock } = ports;
    await clock.sleep(fullJitter({ attempt, baseMs: FIRST_WAIT_MS, capMs: LONGEST_WAIT_MS, random }));
  }
}

/** A call that fails as a whole has failed for every message in it. */
async function sendOnce(
  url: string,
  messages: readonly OutgoingMessage[],
  ports: Ports,
): Promise<{ readonly refused: readonly SendFailure[]; readonly outage?: AwsError }> {
  try {
    return { refused: await ports.queues.send(url, messages) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    ports.log.warn('could not send', { messages: messages.length, error: error.message });
    return {
      refused: messages.map(({ id }) => ({ id, code: error.code, senderFault: false })),
      outage: error,
    };
  }
}
