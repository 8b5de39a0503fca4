import { AwsError } from '../../aws/errors.ts';
import type { OutgoingMessage, Ports, SendFailure } from '../../aws/ports.ts';
import { fullJitter } from '../../core/backoff.ts';
import { packBatches } from '../../core/batches.ts';

/** Calls of SQS at once: enough for some thousand messages a second, few enough for one function's sockets. */
const PARALLEL_SENDS = 8;
/** Messages made and packed at a time; a burst may have many more. */
const PACKED_AT_ONCE = 1_000;

const TRIES = 6;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** Codes of our own beside those of SQS. */
export const TOO_LARGE = 'TooLarge';
export const OUT_OF_TIME = 'OutOfTime';

/** Every message is accepted or among the failed, none both. */
export interface Sent {
  readonly accepted: number;
  readonly failed: readonly { readonly id: string; readonly code: string }[];
}

/**
 * Sends messages to one queue, ten and a mebibyte at a time, some calls at once. What SQS does not take is
 * tried again with capped full jitter and in the end reported. A message whose reply was lost is sent again:
 * SQS delivers at least once anyway.
 * @param messages made one by one as they are needed
 * @param stopMs no call starts after this, epoch milliseconds; what is left then fails with `OutOfTime`
 */
export async function sendAll(
  url: string,
  messages: Iterable<OutgoingMessage>,
  ports: Ports,
  stopMs: number,
): Promise<Sent> {
  const failed: { id: string; code: string }[] = [];
  const batches = batchesOf(messages, (id) => failed.push({ id, code: TOO_LARGE }));
  let accepted = 0;
  const worker = async () => {
    for (let next = batches.next(); !next.done; next = batches.next()) {
      const lost = await sendBatch(url, next.value, ports, stopMs);
      accepted += next.value.length - lost.length;
      for (const { id, code } of lost) failed.push({ id, code });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_SENDS }, worker));
  return { accepted, failed };
}

/** Packs as it goes, so that a burst of any size takes the memory of a few batches. */
function* batchesOf(
  messages: Iterable<OutgoingMessage>,
  refuse: (id: string) => void,
): Generator<readonly OutgoingMessage[], void> {
  let slice: OutgoingMessage[] = [];
  for (const message of messages) {
    slice.push(message);
    if (slice.length < PACKED_AT_ONCE) continue;
    yield* pack(slice, refuse);
    slice = [];
  }
  yield* pack(slice, refuse);
}

function* pack(
  slice: readonly OutgoingMessage[],
  refuse: (id: string) => void,
): Generator<readonly OutgoingMessage[], void> {
  const { batches, refused } = packBatches(slice);
  for (const { index } of refused) refuse(slice[index]?.id ?? '');
  for (const batch of batches) yield batch.map(({ entry }) => entry);
}

/** Sends one batch; answers what was not accepted in the end. */
async function sendBatch(
  url: string,
  batch: readonly OutgoingMessage[],
  ports: Ports,
  stopMs: number,
): Promise<readonly SendFailure[]> {
  const failed: SendFailure[] = [];
  let waiting = batch;
  for (let attempt = 0; ; attempt += 1) {
    if (ports.clock.nowMs() > stopMs) return [...failed, ...allFailed(waiting, OUT_OF_TIME, false)];
    const refused = await sendOnce(url, waiting, ports);
    failed.push(...refused.filter((one) => one.senderFault));
    const again = refused.filter((one) => !one.senderFault);
    if (again.length === 0) return failed;
    if (attempt === TRIES - 1) return [...failed, ...again];
    const ids = new Set(again.map((one) => one.id));
    waiting = waiting.filter((message) => ids.has(message.id));
    const { random, clock } = ports;
    await clock.sleep(fullJitter({ attempt, baseMs: FIRST_WAIT_MS, capMs: LONGEST_WAIT_MS, random }));
  }
}

/** A call that fails as a whole has failed for every message in it. */
async function sendOnce(
  url: string,
  messages: readonly OutgoingMessage[],
  ports: Ports,
): Promise<readonly SendFailure[]> {
  try {
    return await ports.queues.send(url, messages);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    ports.log.warn('could not send', { messages: messages.length, error: error.message });
    return allFailed(messages, error.code, !error.retryable);
  }
}

function allFailed(messages: readonly OutgoingMessage[], code: string, senderFault: boolean): SendFailure[] {
  return messages.map(({ id }) => ({ id, code, senderFault }));
}
