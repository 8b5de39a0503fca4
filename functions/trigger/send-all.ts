import type { OutgoingMessage, Ports } from '../../aws/ports.ts';
import { packBatches } from '../../core/batches.ts';
import { TOO_LARGE } from '../../core/burst/task.ts';
import { sendBatch } from './send-batch.ts';

/** Calls of SQS at once: enough for some thousand messages a second, few enough for one function's sockets. */
const PARALLEL_SENDS = 8;
/** Messages made and packed at a time; a burst may have many more. */
const PACKED_AT_ONCE = 1_000;

/** A code of our own beside those of SQS. */
const OUT_OF_TIME = 'OutOfTime';

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
      const batch = next.value;
      const sent = await sendBatch(url, () => batch, ports, stopMs);
      accepted += batch.length - sent.failed.length - sent.untried.length;
      for (const { id, code } of sent.failed) failed.push({ id, code });
      for (const id of sent.untried) failed.push({ id, code: OUT_OF_TIME });
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
