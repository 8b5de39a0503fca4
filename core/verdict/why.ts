import type { AccountFact } from '../account.ts';
import { overcommittedBy } from '../account.ts';
import type { Wanted } from '../config-record.ts';
import type { GroupState } from '../flow/hold.ts';
import { mindsBreaker } from '../flow/limits.ts';
import { startsPerSecond } from '../flow/pace.ts';
import type { Counts } from '../lifecycle/rest.ts';
import { limitsOf } from '../lifecycle/target.ts';
import { acceptsTasks, type StatusRecord } from '../status-record.ts';
import type { Load, Verdict } from './verdict.ts';

/** What is known of a pipeline. Whatever is absent, nobody has looked at. */
export interface Facts {
  readonly nowMs: number;
  readonly status?: StatusRecord | undefined;
  readonly group?: GroupState | undefined;
  readonly counts?: Counts | undefined;
  /** How long the oldest task has waited. */
  readonly oldestSeconds?: number | undefined;
  readonly mapping?: 'on' | 'off' | undefined;
  /** Messages in its dead-letter queue, and how many came in the last minutes, per minute. */
  readonly deadLetters?: { readonly letters: number; readonly perMinute: number } | undefined;
  readonly taskSeconds?: number | undefined;
  readonly account?: AccountFact | undefined;
  /** Calls of the whole account that run now. */
  readonly accountRunning?: number | undefined;
  /** Tasks of its bursts that are not handed to its queue yet, and when the last of all is due. */
  readonly unsent?: { readonly tasks: number; readonly lastDueMs: number } | undefined;
}

/** Taken for a task's time where nobody has measured it. */
const ASSUMED_SECONDS = 1;
/** Tasks that wait this long while none runs are not about to be received. */
const STUCK_SECONDS = 60;

/** Why a group waits, or that it does not. The same facts give the same answer. */
export function whyWaiting(facts: Facts): Verdict {
  const { status } = facts;
  if (status === undefined) return { kind: 'unknown' };
  return (
    ending(status, facts) ??
    trouble(status) ??
    resting(status, facts) ??
    blocked(status, facts) ??
    working(status, facts)
  );
}

function ending(status: StatusRecord, { counts }: Facts): Verdict | undefined {
  const { phase, closing, salvage, applied } = status;
  if (phase === 'Deleted') return { kind: 'deleted', ...(salvage && { salvaged: salvage.count }) };
  if (closing === undefined) return undefined;
  const seconds = applied?.wanted.drainTimeoutSeconds;
  return {
    kind: 'draining',
    left: counts === undefined ? 0 : counts.visible + counts.delayed + counts.inFlight,
    ...(seconds !== undefined && { limitMs: closing.sinceMs + seconds * 1000 }),
  };
}

function trouble(status: StatusRecord): Verdict | undefined {
  const { phase, error, failures } = status;
  const goesOn = acceptsTasks(status);
  const message = error?.message ?? 'its status does not say why';
  if (phase === 'Rejected') {
    return { kind: 'rejected', ...(error?.path && { field: error.path }), message, goesOn };
  }
  if (phase === 'Failed') {
    const retryAtMs = failures?.retryAtMs;
    return {
      kind: 'failed',
      ...(error?.step && { step: error.step }),
      message,
      ...(retryAtMs !== undefined && { retryAtMs }),
      goesOn,
    };
  }
  const { applied, run } = status;
  return applied === undefined ? { kind: 'creating', ...(run && { step: run.step }) } : undefined;
}

/** What keeps its tasks from starting now, if anything does: whatever else there is to say of it. */
export function stoppedBy(facts: Facts): Verdict | undefined {
  const verdict = facts.status && resting(facts.status, facts);
  // Some tasks are let through.
  return verdict?.kind === 'breakerProbing' ? undefined : verdict;
}

/** What it waits for by somebody's wish, or by what its tasks have met. */
function resting(status: StatusRecord, { group, counts, nowMs }: Facts): Verdict | undefined {
  const { applied } = status;
  if (applied === undefined) return undefined;
  const limits = limitsOf(applied);
  const waiting = counts?.visible ?? 0;
  if (applied.wanted.paused) return { kind: 'paused', waiting };
  if (limits.breaker?.force === 'open') return { kind: 'forcedOpen', waiting };
  const { breaker, hold } = group ?? {};
  if (mindsBreaker(limits) && breaker?.state === 'open' && breaker.untilMs > nowMs) {
    return { kind: 'breakerOpen', sinceMs: breaker.sinceMs, nextProbeMs: breaker.untilMs };
  }
  if (hold !== undefined && hold.cause === 'throttled' && hold.untilMs > nowMs) {
    return { kind: 'held', untilMs: hold.untilMs, isGuess: hold.guesses > 0 };
  }
  if (mindsBreaker(limits) && breaker?.state === 'halfOpen') {
    return { kind: 'breakerProbing', sinceMs: breaker.sinceMs, probes: breaker.probes.length };
  }
  return undefined;
}

function blocked(status: StatusRecord, facts: Facts): Verdict | undefined {
  const { counts, mapping, account, accountRunning = 0, deadLetters, oldestSeconds = 0 } = facts;
  const waiting = counts?.visible ?? 0;
  const isMeantToRun = status.applied?.enabled === true && status.lease === undefined;
  if (mapping === 'off' && isMeantToRun && status.resting !== true && status.hold === undefined) {
    return { kind: 'switchedOff', waiting };
  }
  if (account !== undefined && waiting > 0 && accountRunning >= account.concurrency) {
    const by = overcommittedBy(account);
    return { kind: 'accountFull', limit: account.concurrency, ...(by !== undefined && { by }) };
  }
  if (deadLetters !== undefined && deadLetters.perMinute > 0)
    return { kind: 'deadLettering', ...deadLetters };
  if (waiting > 0 && counts?.inFlight === 0 && oldestSeconds > STUCK_SECONDS && status.resting !== true) {
    return { kind: 'stuck', waiting, sinceSeconds: oldestSeconds };
  }
  return undefined;
}

function working(status: StatusRecord, facts: Facts): Verdict {
  const { counts, unsent, applied = status.applied } = { ...facts, applied: status.applied };
  const load: Load = {
    waiting: counts?.visible ?? 0,
    running: counts?.inFlight ?? 0,
    delayed: counts?.delayed ?? 0,
  };
  const later = load.delayed + (unsent?.tasks ?? 0);
  if (load.waiting === 0 && load.running === 0) {
    if (later === 0) return { kind: 'idle', isResting: status.resting === true };
    return { kind: 'releasing', later, ...(unsent && { lastDueMs: unsent.lastDueMs }) };
  }
  if (applied === undefined) return { kind: 'creating' };
  return underWay(load, applied.wanted, facts.taskSeconds ?? ASSUMED_SECONDS);
}

/** Which of its limits it has reached, if any: more tasks wait than it has just received. */
function underWay(load: Load, wanted: Wanted, taskSeconds: number): Verdict {
  const { concurrency, rateLimits, batchSize } = wanted;
  const perSecond = startsPerSecond(rateLimits);
  const bySlots = concurrency / taskSeconds;
  const etaSeconds = Math.ceil((load.waiting + load.running) / Math.min(bySlots, perSecond));
  // What a rate limit holds back is received and hidden again: in flight without running.
  if (perSecond <= bySlots && load.waiting + load.running > concurrency * batchSize) {
    return { kind: 'atRate', load, perSecond, etaSeconds };
  }
  if (load.waiting > 0 && load.running >= concurrency) {
    return { kind: 'atConcurrency', load, concurrency, etaSeconds };
  }
  return { kind: 'working', load, etaSeconds };
}
