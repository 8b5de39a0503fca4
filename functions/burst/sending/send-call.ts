import type { OutgoingMessage, Ports } from '../../../aws/ports.ts';
import { BURST_ATTRIBUTES } from '../../../core/burst/attributes.ts';
import { partsIdOf } from '../../../core/burst/place.ts';
import type { BurstRecord, Refusal, Segment } from '../../../core/burst/record.ts';
import { boundsOf, type DueTask, type Round } from '../../../core/burst/round.ts';
import { DUE_ATTRIBUTE } from '../../../core/consumer-code.ts';
import { type Call, delaySecondsFor } from '../../../core/spread/phases.ts';
import { sendBatch } from '../../trigger/send-batch.ts';

/** What a call is a part of. */
export interface CallSending {
  readonly record: BurstRecord;
  /** Of the queue. */
  readonly url: string;
  readonly round: Pick<Round, 'segment'>;
  readonly stopMs: number;
}

/** `untried`: time was up before SQS had answered for all of it. */
export type CallSent =
  | { readonly kind: 'answered'; readonly refused: readonly Refusal[] }
  | { readonly kind: 'untried' };

/**
 * Sends the tasks of one call. What SQS refuses for good, or in part however often, is answered by index.
 * @throws {AwsError} where the call as a whole fails, for long or for good: nothing is refused then, it is to be sent again
 */
export async function sendCall(
  call: Call<DueTask>,
  { record, url, round, stopMs }: CallSending,
  ports: Ports,
): Promise<CallSent> {
  const make = () => {
    const nowMs = ports.clock.nowMs();
    return call.tasks.map((task) => messageOf(task, record, round.segment, nowMs));
  };
  const { failed, untried, outage } = await sendBatch(url, make, ports, stopMs);
  if (outage !== undefined) throw outage;
  if (untried.length > 0) return { kind: 'untried' };
  return { kind: 'answered', refused: failed.map(({ id, code }) => ({ index: Number(id), code })) };
}

function messageOf(
  { index, body, dueMs }: DueTask,
  record: BurstRecord,
  { startMs, plan }: Segment,
  nowMs: number,
): OutgoingMessage {
  const delaySeconds = delaySecondsFor(dueMs, nowMs - startMs, boundsOf(plan.window));
  return {
    id: String(index),
    body,
    delaySeconds,
    attributes: {
      [BURST_ATTRIBUTES.burstId]: { type: 'String', value: partsIdOf(record) },
      [BURST_ATTRIBUTES.index]: { type: 'Number', value: String(index) },
      [BURST_ATTRIBUTES.total]: { type: 'Number', value: String(record.total) },
      ...(delaySeconds > 0 && {
        [DUE_ATTRIBUTE]: { type: 'Number', value: String(nowMs + delaySeconds * 1000) },
      }),
    },
  };
}
