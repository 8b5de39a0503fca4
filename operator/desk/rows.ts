import type { AccountFact } from '../../core/account.ts';
import type { GroupState } from '../../core/flow/hold.ts';
import { startsPerSecond } from '../../core/flow/pace.ts';
import { isUnknown } from '../../core/readiness.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { STUCK_MS } from '../../core/sweep/judge.ts';
import { lettersPerMinute, type Past } from '../../core/sweep/past.ts';
import type { Verdict } from '../../core/verdict/verdict.ts';
import { type Facts, whyWaiting } from '../../core/verdict/why.ts';
import { wordsOf } from '../../core/verdict/words.ts';
import type { PipelineRow, QueueLook } from '../views/pipelines.ts';

/** What has been read of a pipeline. Whatever is absent, nobody has looked at. */
export interface Known {
  readonly pipelineId: string;
  readonly nowMs: number;
  /** Its config record, or some fields of it; absent: it is deleted. */
  readonly record?: Readonly<Record<string, unknown>> | undefined;
  readonly status?: StatusRecord | undefined;
  readonly group?: GroupState | undefined;
  readonly look?: QueueLook | undefined;
  /** What the reconciler remembers of it from look to look. */
  readonly past?: Past | undefined;
  readonly account?: AccountFact | undefined;
  readonly accountRunning?: number | undefined;
  readonly taskSeconds?: number | undefined;
  readonly unsent?: Facts['unsent'];
  readonly mapping?: Facts['mapping'];
  readonly oldestSeconds?: number | undefined;
  readonly purgedAtMs?: Facts['purgedAtMs'];
  readonly unresolved?: Facts['unresolved'];
}

/** A pipeline as a list shows it. */
export function rowOf(known: Known): PipelineRow {
  const { pipelineId, record, status, look, nowMs } = known;
  const verdict = verdictOf(known);
  const { says, remedy } = wordsOf(verdict, nowMs);
  const wanted = status?.applied?.wanted;
  const oldest = oldestOf(known);
  return {
    pipelineId,
    phase: status?.phase ?? 'Creating',
    verdict,
    says,
    ...(remedy && { remedy }),
    ...(wanted && { concurrency: wanted.concurrency }),
    ...(wanted && wanted.rateLimits.length > 0 && { perSecond: startsPerSecond(wanted.rateLimits) }),
    ...(look && { look }),
    ...(oldest && { oldest }),
    ...(status?.codeKey !== undefined && { codeKey: status.codeKey }),
    ...(status?.codeVersion !== undefined && { codeVersion: status.codeVersion }),
    isPaused: record === undefined ? wanted?.paused === true : record.paused === true,
    ...(isLeaving(known) && { isLeaving: true as const }),
  };
}

function isLeaving({ record, status }: Known): boolean {
  return record === undefined && status !== undefined && status.phase !== 'Deleted';
}

function verdictOf(known: Known): Verdict {
  const { status, record } = known;
  // Its first run has not begun yet, or none since it was deleted.
  if (isUnknown(status) && record !== undefined) return { kind: 'creating' };
  return whyWaiting(factsOf(known));
}

/** What its record says that no run has taken up yet: that it is there, and whether it is paused. */
function askedOf({ record, status }: Known): Facts['asked'] {
  if (record === undefined) return 'teardown';
  const isPaused = status?.applied?.wanted.paused === true;
  if ((record.paused === true) === isPaused) return undefined;
  return isPaused ? 'resume' : 'pause';
}

function factsOf(all: Known): Facts {
  const { look, past, nowMs, ...known } = all;
  const { status, group, account, accountRunning, unsent, mapping, purgedAtMs, unresolved } = known;
  const letters = look?.deadLetters;
  return {
    nowMs,
    status,
    asked: askedOf(all),
    group,
    account,
    accountRunning,
    unsent,
    mapping,
    purgedAtMs,
    unresolved,
    taskSeconds: status?.measured?.taskSeconds ?? known.taskSeconds,
    counts: look && { visible: look.waiting, inFlight: look.running, delayed: look.delayed },
    deadLetters:
      letters === undefined ? undefined : { letters, perMinute: lettersPerMinute(past, letters, nowMs) },
    oldestSeconds: known.oldestSeconds ?? standingSeconds(past, nowMs),
  };
}

/** As it was measured; else since the reconciler has first found tasks there. */
function oldestOf({ look, past, oldestSeconds, nowMs }: Known): PipelineRow['oldest'] {
  if (look === undefined || look.waiting + look.running === 0) return undefined;
  if (oldestSeconds !== undefined) return { sinceMs: nowMs - oldestSeconds * 1000, isAtMost: false };
  if (past?.aged) return { sinceMs: past.aged.atMs - past.aged.seconds * 1000, isAtMost: false };
  return past?.busySinceMs === undefined ? undefined : { sinceMs: past.busySinceMs, isAtMost: true };
}

/** For how long the reconciler has found tasks waiting and none running; one look may fall between two short tasks. */
function standingSeconds(past: Past | undefined, nowMs: number): number | undefined {
  const standsMs = past?.standsSinceMs === undefined ? 0 : nowMs - past.standsSinceMs;
  return standsMs >= STUCK_MS ? standsMs / 1000 : undefined;
}
