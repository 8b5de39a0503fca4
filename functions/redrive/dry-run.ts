import type { Ports } from '../../aws/ports.ts';
import { reasonOf } from '../../core/dead-letter.ts';
import { messagesIn } from '../../core/lifecycle/rest.ts';
import { judgeLetter, type Stay, shownReason, type Wish } from '../../core/redrive/match.ts';
import { paceOf } from '../../core/redrive/pace.ts';
import type { Group } from './group.ts';
import { lookThrough } from './look-through.ts';
import { measureTaskSeconds } from './measure.ts';
import { putBack } from './put-back.ts';

/** What a redrive would do, by the letters that were looked at. */
export interface RedriveDryRun {
  readonly pipelineId: string;
  readonly dryRun: true;
  /** Messages in the dead-letter queue, approximately. */
  readonly left: number;
  /** How many of them were looked at; what follows is of these. */
  readonly sampled: number;
  readonly matching: number;
  readonly skipped: Readonly<Record<Stay, number>>;
  /** The most frequent reasons, each as it can be asked for. */
  readonly reasons: readonly { readonly reason: string; readonly letters: number }[];
  /** A redrive would send no faster. */
  readonly perSecond: number;
  /** For people. */
  readonly message: string;
}

const SAMPLED_MOST = 1_000;
const SAMPLE_MS = 15_000;
/** Longer than it takes to look at them and to put them back. */
const HIDDEN_SECONDS = 60;
const REASONS_MOST = 50;

/** Looks at some dead letters, sends none, and puts all of them back. */
export async function tryRedrive(
  { status, dead, ...urls }: Group,
  wish: Wish,
  ports: Ports,
): Promise<RedriveDryRun> {
  const { pipelineId, applied } = status;
  const nowMs = ports.clock.nowMs();
  const reasons = new Map<string, number>();
  const { received, stayed, hidden } = await lookThrough<Stay | 'matching'>(
    {
      ...urls,
      judge(letter) {
        const reason = shownReason(reasonOf(letter.attributes));
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        const verdict = judgeLetter(letter, wish, nowMs);
        return verdict.kind === 'stay' ? verdict : { kind: 'stay', why: 'matching' };
      },
      most: 1,
      hiddenSeconds: HIDDEN_SECONDS,
      unread: SAMPLED_MOST,
      untilMs: nowMs + SAMPLE_MS,
    },
    ports,
  );
  await putBack(urls.deadLetterQueueUrl, hidden, ports);
  const { matching = 0, ...skipped } = stayed;
  const byCount = [...reasons].map(([reason, letters]) => ({ reason, letters }));
  return {
    pipelineId,
    dryRun: true,
    left: Math.max(received, messagesIn(dead)),
    sampled: received,
    matching,
    skipped: { otherReason: 0, newer: 0, tooOften: 0, ...skipped },
    reasons: byCount.sort((a, b) => b.letters - a.letters).slice(0, REASONS_MOST),
    perSecond: paceOf(applied.wanted, await measureTaskSeconds(pipelineId, ports)).perSecond,
    message: `nothing was sent: ${matching} of the ${received} dead letters that were looked at would be`,
  };
}
