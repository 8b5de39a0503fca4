import type { Ports, QueueMessage } from '../../aws/ports.ts';
import { SQS_BATCH_ENTRIES } from '../../core/aws-limits.ts';
import { chunks } from '../../core/chunks.ts';
import { noteOf, reasonOf } from '../../core/dead-letter.ts';
import { messagesIn } from '../../core/lifecycle/rest.ts';
import { shownReason } from '../../core/redrive/match.ts';
import type { DeadLetterView, LetterSample } from '../views/pipelines.ts';

type Queues = Pick<Ports['queues'], 'read' | 'receive' | 'putBack'>;

/** So long letters are out of sight, should this program end before it has put them back. */
const HIDDEN_SECONDS = 30;
/** A receive may find nothing though there is something, as SQS asks only some of its servers. */
const EMPTY_RECEIVES = 3;
/** A look is over by then, so that no letter comes up twice. */
const LONGEST_LOOK_MS = 10_000;
const BODY_CHARACTERS = 500;
const SAMPLES_MOST = 20;

/**
 * Looks at dead letters: receives up to `most` and puts them back at once. Whoever receives at the same moment does not
 * see those.
 */
export async function lookAtLetters(
  queueUrl: string,
  most: number,
  queues: Queues,
  nowMs: () => number,
): Promise<DeadLetterView> {
  const queue = await queues.read(queueUrl);
  const letters = await receiveSome(queueUrl, most, queues, nowMs);
  return viewOf(letters, queue === undefined ? 0 : messagesIn(queue.counts));
}

async function receiveSome(
  queueUrl: string,
  most: number,
  queues: Queues,
  nowMs: () => number,
): Promise<readonly QueueMessage[]> {
  const untilMs = nowMs() + LONGEST_LOOK_MS;
  const seen = new Map<string, QueueMessage>();
  const receipts: string[] = [];
  try {
    for (let empty = 0; empty < EMPTY_RECEIVES && seen.size < most && nowMs() < untilMs; ) {
      const some = await queues.receive(queueUrl, HIDDEN_SECONDS);
      empty = some.length === 0 ? empty + 1 : 0;
      receipts.push(...some.map(({ receipt }) => receipt));
      for (const letter of some) seen.set(letter.messageId, letter);
    }
  } finally {
    for (const some of chunks(receipts, SQS_BATCH_ENTRIES)) await queues.putBack(queueUrl, some);
  }
  return [...seen.values()].slice(0, most);
}

function viewOf(letters: readonly QueueMessage[], counted: number): DeadLetterView {
  const reasons = new Map<string, number>();
  for (const { attributes } of letters) {
    const reason = shownReason(reasonOf(attributes));
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const byReason = [...reasons].map(([reason, count]) => ({ reason, letters: count }));
  return {
    total: Math.max(counted, letters.length),
    sampled: letters.length,
    reasons: byReason.sort((a, b) => b.letters - a.letters),
    samples: letters.slice(0, SAMPLES_MOST).map(sampleOf),
  };
}

function sampleOf({ messageId, attributes, sentAtMs, body }: QueueMessage): LetterSample {
  const note = noteOf(attributes);
  return {
    messageId,
    reason: shownReason(reasonOf(attributes)),
    attempts: note?.attempts ?? 0,
    ...(note?.error && { error: note.error }),
    firstSentAtMs: note?.firstSentAtMs ?? sentAtMs,
    body: body.length <= BODY_CHARACTERS ? body : `${body.slice(0, BODY_CHARACTERS)}…`,
  };
}
