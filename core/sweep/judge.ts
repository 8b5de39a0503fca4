import type { AccountFact } from '../account.ts';
import type { GroupState } from '../flow/hold.ts';
import { shorten } from '../problems.ts';
import type { StatusRecord } from '../status-record.ts';
import type { Remedy, Verdict } from '../verdict/verdict.ts';
import { whyWaiting } from '../verdict/why.ts';
import { wordsOf } from '../verdict/words.ts';
import { lettersPerMinute, type Past, type QueuesSeen } from './past.ts';

/** What one look at a pipeline has found. */
export interface Looked {
  readonly pipelineId: string;
  readonly status: StatusRecord;
  readonly group?: GroupState | undefined;
  /** Absent where it has no queues. */
  readonly queues?: QueuesSeen | undefined;
}

/** Why somebody should look at a pipeline, the worst first. */
export const NEEDS = ['failed', 'stuck', 'late', 'deadLetters', 'rejected'] as const;
export type Need = (typeof NEEDS)[number];

/** The numbers that a need is told by; those of the queues are SQS's own counts. */
export interface Evidence {
  readonly phase: string;
  readonly waiting: number;
  readonly running: number;
  readonly delayed: number;
  readonly deadLetters: number;
  /** How old the oldest message is; absent where nobody has asked. */
  readonly oldestSeconds?: number;
}

/** A pipeline that needs attention. Plain JSON. */
export interface Offender {
  readonly pipelineId: string;
  readonly need: Need;
  /** One line for people. */
  readonly says: string;
  readonly remedy?: Remedy;
  readonly evidence: Evidence;
}

/** What the sweep makes of one look. */
export interface Judged {
  readonly pipelineId: string;
  readonly waiting: number;
  /** Tasks that run, at most: of what a rate limit holds back SQS says that it has been received, too. */
  readonly running: number;
  readonly letters: number;
  readonly oldestSeconds: number;
  readonly offender?: Offender;
}

/** Tasks that wait so long, and at each look none runs, are stuck: one look may fall between two short tasks. */
export const STUCK_MS = 300_000;
const LONGEST_SAYING = 300;

/**
 * @param before what was remembered before this look, @param past what is since
 * @param lateSeconds older messages are late
 */
export function judge(
  looked: Looked,
  before: Past | undefined,
  past: Past | undefined,
  account: AccountFact | undefined,
  lateSeconds: number,
  nowMs: number,
): Judged {
  const { pipelineId, status, group, queues } = looked;
  const { counts, letters = 0 } = queues ?? {};
  const standsMs = past?.standsSinceMs === undefined ? 0 : nowMs - past.standsSinceMs;
  const oldestSeconds = oldestOf(past, standsMs, nowMs);
  const facts = { nowMs, status, group, counts, account };
  const waits = whyWaiting({ ...facts, ...(standsMs >= STUCK_MS && { oldestSeconds: standsMs / 1000 }) });
  const need = needOf(waits, letters, oldestSeconds > lateSeconds);
  const deadLetters = { letters, perMinute: lettersPerMinute(before, letters, nowMs) };
  const verdict: Verdict = need === 'deadLetters' ? { kind: 'deadLettering', ...deadLetters } : waits;
  const { says, remedy } = wordsOf(verdict, nowMs);
  const evidence: Evidence = {
    phase: status.phase,
    waiting: counts?.visible ?? 0,
    running: counts?.inFlight ?? 0,
    delayed: counts?.delayed ?? 0,
    deadLetters: letters,
    ...(oldestSeconds > 0 && { oldestSeconds }),
  };
  return {
    pipelineId,
    waiting: evidence.waiting,
    running: Math.min(evidence.running, status.applied?.wanted.concurrency ?? 0),
    letters,
    oldestSeconds,
    ...(need && {
      offender: {
        pipelineId,
        need,
        says: shorten(says, LONGEST_SAYING),
        ...(remedy && { remedy }),
        evidence,
      },
    }),
  };
}

/** CloudWatch's age, if it was asked; no message is older than the pipeline has been busy. Else since when none runs. */
function oldestOf({ aged, busySinceMs }: Partial<Past> = {}, standsMs: number, nowMs: number): number {
  if (aged === undefined || busySinceMs === undefined) return Math.round(standsMs / 1000);
  return Math.round(Math.min(aged.seconds, (nowMs - busySinceMs) / 1000));
}

/** What waits by somebody's wish is not late. */
const WISHED: ReadonlySet<Verdict['kind']> = new Set(['paused', 'forcedOpen', 'draining', 'deleted']);

function needOf(waits: Verdict, letters: number, isLate: boolean): Need | undefined {
  if (waits.kind === 'failed') return 'failed';
  if (waits.kind === 'stuck') return 'stuck';
  if (isLate && !WISHED.has(waits.kind)) return 'late';
  if (letters > 0) return 'deadLetters';
  return waits.kind === 'rejected' ? 'rejected' : undefined;
}
