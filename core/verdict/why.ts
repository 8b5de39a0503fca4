import type { AccountFact } from '../account.ts';
import { overcommittedBy } from '../account.ts';
import type { Wanted } from '../config-record.ts';
import type { GroupState } from '../flow/hold.ts';
import { mindsBreaker } from '../flow/limits.ts';
import { startsPerSecond } from '../flow/pace.ts';
import type { Counts } from '../lifecycle/rest.ts';
import { limitsOf } from '../lifecycle/target.ts';
import { teardownOf } from '../lifecycle/teardown.ts';
import { acceptsTasks, type StatusRecord } from '../status-record.ts';
import type { Later, Load, UnderWay, Verdict } from './verdict.ts';

/** What is known of a pipeline. Whatever is absent, nobody has looked at. */
export interface Facts {
  readonly nowMs: number;
  readonly status?: StatusRecord | undefined;
  /** What its config record says that no run has taken up yet. */
  readonly asked?: 'pause' | 'resume' | 'teardown' | undefined;
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
  readonly unsent?: Later | undefined;
  /** When somebody last purged its queue. */
  readonly purgedAtMs?: number | undefined;
  /** The last time of late that calls failed before any task began, and the variables that had no value. */
  readonly unresolved?: { readonly atMs: number; readonly variables: readonly string[] } | undefined;
}

/** Taken for a task's time where nobody has measured it. */
const ASSUMED_SECONDS = 1;
/** Tasks that wait this long while none runs are not about to be received. */
const STUCK_SECONDS = 60;
/** SQS takes so long for a purge: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
export const PURGE_MS = 60_000;

/** Why a group waits, or that it does not. The same facts give the same answer. */
export function whyWaiting(facts: Facts): Verdict {
  const { status } = facts;
  if (status === undefined) return { kind: 'unknown' };
  return (
    over(status) ??
    trouble(status) ??
    leaving(status, facts) ??
    coming(status, facts) ??
    resting(status, facts) ??
    blocked(status, facts) ??
    working(status, facts)
  );
}

function over({ phase, salvage }: StatusRecord): Verdict | undefined {
  if (phase !== 'Deleted') return undefined;
  return { kind: 'deleted', ...(salvage && { salvaged: salvage.count }) };
}

/** Also of a teardown that fails, or whose record has come back as a bad one. */
function trouble(status: StatusRecord): Verdict | undefined {
  const { phase, error, failures } = status;
  if (phase !== 'Rejected' && phase !== 'Failed') return undefined;
  const retryAtMs = failures?.retryAtMs;
  const told = {
    message: error?.message ?? 'its status does not say why',
    goesOn: acceptsTasks(status),
    ...(error && { code: error.code }),
    ...(retryAtMs !== undefined && { retryAtMs }),
  };
  return phase === 'Rejected'
    ? { kind: 'rejected', ...told, ...(error?.path && { field: error.path }) }
    : { kind: 'failed', ...told, ...(error?.step && { step: error.step }) };
}

function leaving(status: StatusRecord, { counts }: Facts): Verdict | undefined {
  const { closing, applied } = status;
  if (closing === undefined) return undefined;
  const left = counts === undefined ? 0 : counts.visible + counts.delayed + counts.inFlight;
  const how = teardownOf(status);
  if (how !== 'drain') return { kind: 'takenDown', left, fate: how === 'discard' ? 'discarded' : 'salvaged' };
  const seconds = applied?.wanted.drainTimeoutSeconds;
  return {
    kind: 'draining',
    left,
    ...(seconds !== undefined && { limitMs: closing.sinceMs + seconds * 1000 }),
  };
}

/** What is not there yet, and what its record asks for since a moment ago. */
function coming(status: StatusRecord, { asked, counts, nowMs }: Facts): Verdict | undefined {
  if (status.applied === undefined) return { kind: 'creating', ...atWork(status, nowMs) };
  return asked && { kind: 'asked', wish: asked, waiting: counts?.visible ?? 0 };
}

function atWork({ run, lease }: StatusRecord, nowMs: number) {
  return {
    ...(run && { step: run.step }),
    ...(lease !== undefined && lease.untilMs <= nowMs && { hasDied: true as const }),
  };
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
  const { counts, account, accountRunning = 0, deadLetters, oldestSeconds = 0, unresolved } = facts;
  const waiting = counts?.visible ?? 0;
  const isStill = waiting > 0 && counts?.inFlight === 0;
  const mapping = switched(status, facts, waiting, isStill) ?? purging(facts);
  if (mapping !== undefined) return mapping;
  if (unresolved !== undefined) return { kind: 'unready', ...unresolved };
  if (account !== undefined && waiting > 0 && accountRunning >= account.concurrency) {
    const by = overcommittedBy(account);
    return { kind: 'accountFull', limit: account.concurrency, ...(by !== undefined && { by }) };
  }
  if (deadLetters !== undefined && deadLetters.perMinute > 0)
    return { kind: 'deadLettering', ...deadLetters };
  if (isStill && oldestSeconds > STUCK_SECONDS)
    return { kind: 'stuck', waiting, sinceSeconds: oldestSeconds };
  return undefined;
}

/** Nothing is taken from its queue, for its mapping is off, or may be while a run changes something. */
function switched(
  status: StatusRecord,
  { mapping, nowMs }: Facts,
  waiting: number,
  isStill: boolean,
): Verdict | undefined {
  const { applied, lease, run, resting: rests, hold } = status;
  if (lease !== undefined) {
    const changes = run !== undefined && run.kind !== 'confirm' && run.target?.enabled !== false;
    if (!changes || !isStill) return undefined;
    return { kind: 'changing', run: run.kind, waiting, ...atWork(status, nowMs) };
  }
  if (mapping === 'off' && applied?.enabled === true && rests !== true && hold === undefined) {
    return { kind: 'switchedOff', waiting };
  }
  return rests === true && isStill ? { kind: 'waking', waiting } : undefined;
}

/** As long as SQS may still count what is gone. */
function purging({ purgedAtMs, counts, nowMs }: Facts): Verdict | undefined {
  if (purgedAtMs === undefined || counts === undefined || nowMs - purgedAtMs >= PURGE_MS) return undefined;
  const left = counts.visible + counts.delayed + counts.inFlight;
  return left === 0 ? undefined : { kind: 'purging', sinceMs: purgedAtMs, left };
}

function working(status: StatusRecord, facts: Facts): Verdict {
  const { counts, applied = status.applied } = { ...facts, applied: status.applied };
  const load: Load = {
    waiting: counts?.visible ?? 0,
    running: counts?.inFlight ?? 0,
    delayed: counts?.delayed ?? 0,
  };
  const later = laterOf(load, facts.unsent);
  if (load.waiting === 0 && load.running === 0) {
    if (later === undefined) {
      const letters = facts.deadLetters?.letters ?? 0;
      return { kind: 'idle', isResting: status.resting === true, ...(letters > 0 && { letters }) };
    }
    return { kind: 'releasing', later };
  }
  if (applied === undefined) return { kind: 'creating' };
  return underWay(load, later, applied.wanted, facts.taskSeconds);
}

function laterOf({ delayed }: Load, unsent: Later | undefined): Later | undefined {
  const tasks = delayed + (unsent?.tasks ?? 0);
  return tasks === 0 ? undefined : { ...unsent, tasks };
}

/** Which of its limits it has reached, if any: more tasks wait than it has just received. */
function underWay(
  load: Load,
  later: Later | undefined,
  wanted: Wanted,
  taskSeconds: number | undefined,
): Verdict {
  const { concurrency, rateLimits, batchSize } = wanted;
  const perSecond = startsPerSecond(rateLimits);
  const bySlots = concurrency / (taskSeconds ?? ASSUMED_SECONDS);
  const common: UnderWay = {
    load,
    etaSeconds: Math.ceil((load.waiting + load.running) / Math.min(bySlots, perSecond)),
    // What its rate decides does not depend on it.
    ...(taskSeconds === undefined && bySlots < perSecond && { assumedSeconds: ASSUMED_SECONDS }),
    ...(later && { later }),
  };
  // What a rate limit holds back is received and hidden again: in flight without running.
  if (perSecond <= bySlots && load.waiting + load.running > concurrency * batchSize) {
    return { kind: 'atRate', perSecond, ...common };
  }
  if (load.waiting > 0 && load.running >= concurrency) {
    return { kind: 'atConcurrency', concurrency, ...common };
  }
  return { kind: 'working', ...common };
}
