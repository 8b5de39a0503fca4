import type { QueueState, SalvagedMessage } from '../../../aws/ports.ts';
import { SQS_BATCH_ENTRIES, SQS_MAX_DELAY_SECONDS } from '../../../core/aws-limits.ts';
import { chunks } from '../../../core/chunks.ts';
import { again, done, failed, NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { isEmpty } from '../../../core/lifecycle/rest.ts';
import type { Wait } from '../../../core/lifecycle/state.ts';
import { findOwnQueues } from '../queues.ts';
import type { Turn } from '../turn.ts';
import { stopIfWantedAgain } from '../wanted-again.ts';

/** How long a received message stays hidden: ample for one write and one delete. */
const HOLD_SECONDS = 120;
/** Messages per object: few objects, and never more than a step's memory. */
const PART_MESSAGES = 200;
const PART_BYTES = 16 * 1024 * 1024;
/** Left at the end of an attempt for the last write and delete. */
const MARGIN_MS = 15_000;

/**
 * Keeps what nobody will work off: the queue first, then the dead letters, until both are empty. Delayed
 * and in-flight messages come back within the longest delay and the visibility timeout, so that long and no
 * longer is waited for them.
 */
export async function salvage(turn: Turn): Promise<StepResult> {
  const wantedAgain = await stopIfWantedAgain(turn);
  if (wantedAgain) return wantedAgain;
  const { ports, wait, state } = turn;
  const nowMs = ports.clock.nowMs();
  const sinceMs = wait.sinceMs ?? nowMs;
  const { queue, deadLetters } = await findOwnQueues(turn);
  if (queue !== undefined && !queue.sealed) {
    // Whatever still sends would otherwise do so into a queue that is about to go.
    await ports.queues.change(queue.url, { sealed: true });
    throw new NotYet(turn.settings.timings.policyPropagationSeconds, { sent: true });
  }

  const first: Source = { from: 'queue', queue };
  const second: Source = { from: 'deadLetterQueue', queue: deadLetters };
  const stopMs = nowMs + Math.max(0, turn.settings.timings.stepSeconds * 1000 - MARGIN_MS);
  const kept = (await takeAll(turn, first, stopMs)) + (await takeAll(turn, second, stopMs));
  const memo = { salvaged: (state.memo.salvaged ?? 0) + kept };

  const left = await findOwnQueues(turn);
  const empty = [left.queue, left.deadLetters].every((one) => one === undefined || isEmpty(one.counts));
  if (empty) {
    // What was taken just now had not been counted: the span begins anew.
    const emptySinceMs = kept > 0 ? undefined : wait.emptySinceMs;
    return afterEmpty(turn, { sinceMs, ...(emptySinceMs === undefined ? {} : { emptySinceMs }) }, memo);
  }

  const visibilitySeconds = Math.max(queue?.visibilityTimeoutSeconds ?? 0, HOLD_SECONDS);
  const limitMs =
    sinceMs + (SQS_MAX_DELAY_SECONDS + visibilitySeconds + turn.settings.timings.emptySpanSeconds) * 1000;
  if (ports.clock.nowMs() > limitMs && !canReceive(left.queue) && !canReceive(left.deadLetters)) {
    return failed(
      'SalvageIncomplete',
      `messages of ${turn.names.queue} are still in flight after ${Math.round((limitMs - sinceMs) / 1000)} s — somebody else receives from it; nothing was deleted, and it is tried again`,
    );
  }
  const more = canReceive(left.queue) || canReceive(left.deadLetters);
  return again(more ? 1 : turn.settings.timings.drainPollSeconds, { sinceMs }, memo);
}

/** Counts are approximate: empty means empty in every read over a span. */
function afterEmpty(turn: Turn, wait: Wait, memo: { salvaged: number }): StepResult {
  const nowMs = turn.ports.clock.nowMs();
  const { emptySpanSeconds, drainPollSeconds } = turn.settings.timings;
  // Drained, sealed, and nothing came while that reached all of SQS: the drain's own span was long enough.
  if (turn.memo.drained && turn.wait.sent && memo.salvaged === 0) return done(memo);
  const emptySinceMs = wait.emptySinceMs ?? nowMs;
  const leftSeconds = emptySpanSeconds - (nowMs - emptySinceMs) / 1000;
  if (leftSeconds <= 0) return done(memo);
  return again(Math.min(drainPollSeconds, leftSeconds), { ...wait, emptySinceMs }, memo);
}

interface Source {
  readonly from: SalvagedMessage['from'];
  readonly queue: QueueState | undefined;
}

function canReceive(queue: QueueState | undefined): boolean {
  return (queue?.counts.visible ?? 0) > 0;
}

/** Receives, writes, and only then deletes, part by part; answers how many messages were kept. */
async function takeAll(turn: Turn, { from, queue }: Source, stopMs: number): Promise<number> {
  if (queue === undefined) return 0;
  let kept = 0;
  while (turn.ports.clock.nowMs() < stopMs) {
    const part = await takePart(turn, from, queue.url);
    if (part === 0) break;
    kept += part;
  }
  return kept;
}

async function takePart(turn: Turn, from: SalvagedMessage['from'], url: string): Promise<number> {
  const { queues, salvage: store, clock } = turn.ports;
  const receipts: string[] = [];
  const messages: SalvagedMessage[] = [];
  let bytes = 0;
  while (messages.length < PART_MESSAGES && bytes < PART_BYTES) {
    const received = await queues.receive(url, HOLD_SECONDS);
    if (received.length === 0) break;
    for (const { receipt, ...message } of received) {
      receipts.push(receipt);
      messages.push({ ...message, from });
      bytes += message.body.length;
    }
  }
  if (messages.length === 0) return 0;
  await store.write(turn.pipelineId, `${clock.nowMs()}-${turn.status.fence}`, messages);
  for (const some of chunks(receipts, SQS_BATCH_ENTRIES)) await queues.deleteMessages(url, some);
  return messages.length;
}
