import { fullJitter } from '../backoff.ts';

/** When a group's breaker opens and closes; from the record's `breaker`. */
export interface BreakerSettings {
  /** It opens when at least this share of the tasks of a window failed, … */
  readonly failureShare: number;
  readonly windowSeconds: number;
  /** … if there were at least so many. */
  readonly minTasks: number;
  /** How long it stays open at first; longer each time that the probes fail. */
  readonly openSeconds: number;
  /** So many tasks try before all may start again; the same share of failures decides. */
  readonly probes: number;
  /** Whatever the tasks say. */
  readonly force?: 'open' | 'closed';
}

/** Tasks that ended, of one window. */
export interface Ended {
  readonly tasks: number;
  readonly failed: number;
}

/** A task that tries whether the trouble is over. One that never ends counts for nothing after `untilMs`. */
export interface Probe {
  readonly id: string;
  readonly untilMs: number;
}

/** Where a breaker stands. All times epoch milliseconds. */
export type Breaker =
  | { readonly state: 'closed'; readonly sinceMs: number; readonly opened: number }
  | {
      readonly state: 'open';
      readonly sinceMs: number;
      readonly untilMs: number;
      /** How often in a row. */
      readonly opened: number;
      /** What it opened for: tasks of a window, or probes. */
      readonly evidence?: Ended;
    }
  | {
      readonly state: 'halfOpen';
      readonly sinceMs: number;
      readonly opened: number;
      readonly probes: readonly Probe[];
      readonly succeeded: number;
      /** Absent for none. */
      readonly failed?: number;
    };

/** It never stays open longer than so many times `openSeconds`. */
const MOST_OPEN = 10;

/** Whether the tasks of a window open a closed breaker. */
export function tripped(
  breaker: Breaker | undefined,
  ended: Ended,
  settings: BreakerSettings,
  nowMs: number,
  random: () => number,
): Breaker | undefined {
  if (settings.force === 'closed' || (breaker !== undefined && breaker.state !== 'closed')) return undefined;
  const { tasks, failed } = ended;
  if (tasks < settings.minTasks || !isTrouble(failed, tasks, settings)) return undefined;
  return opened(breaker, settings, nowMs, random, ended);
}

export type Admission =
  | { readonly kind: 'go' }
  /** It may start once this is written: it is a probe. */
  | { readonly kind: 'probe'; readonly next: Breaker }
  | { readonly kind: 'wait'; readonly untilMs: number };

/** How long a task waits for what others' probes find out. */
const PROBE_LOOK_MS = 1_000;
/** Until the record says otherwise, which comes with other settings. */
const FORCED_LOOK_MS = 60_000;

/** Whether a task may start. */
export function admit(
  breaker: Breaker | undefined,
  settings: BreakerSettings,
  probe: Probe,
  nowMs: number,
): Admission {
  if (settings.force === 'open') return { kind: 'wait', untilMs: nowMs + FORCED_LOOK_MS };
  if (settings.force === 'closed' || breaker === undefined || breaker.state === 'closed')
    return { kind: 'go' };
  if (breaker.state === 'open' && breaker.untilMs > nowMs) return { kind: 'wait', untilMs: breaker.untilMs };
  const before: HalfOpen =
    breaker.state === 'halfOpen'
      ? breaker
      : { state: 'halfOpen', sinceMs: nowMs, opened: breaker.opened, probes: [], succeeded: 0 };
  const running = before.probes.filter(({ untilMs }) => untilMs > nowMs);
  const places = settings.probes - endedProbes(before).tasks;
  // A record that asks for fewer probes by now may leave no place; somebody has to end for it to be decided.
  if (running.length >= Math.max(1, places)) return { kind: 'wait', untilMs: nowMs + PROBE_LOOK_MS };
  return { kind: 'probe', next: { ...before, probes: [...running, probe] } };
}

/** What a probe found out; `unknown` gives its place back. All of them are judged as tasks of a window are. */
export function probed(
  breaker: Breaker | undefined,
  probeId: string,
  found: 'succeeded' | 'failed' | 'unknown',
  settings: BreakerSettings,
  nowMs: number,
  random: () => number,
): Breaker | undefined {
  if (breaker?.state !== 'halfOpen') return undefined;
  const others = breaker.probes.filter(({ id }) => id !== probeId);
  // One that was given up meanwhile has no say any more.
  if (others.length === breaker.probes.length) return undefined;
  if (found === 'unknown') return { ...breaker, probes: others };
  const counted = endedProbes(breaker);
  const tasks = counted.tasks + 1;
  const failed = counted.failed + (found === 'failed' ? 1 : 0);
  const succeeded = tasks - failed;
  // As if all others succeeded, and as if none of them did: once both say the same, nothing can change it any more.
  if (isTrouble(failed, settings.probes, settings)) {
    return opened(breaker, settings, nowMs, random, { tasks, failed });
  }
  if (!isTrouble(settings.probes - succeeded, settings.probes, settings)) {
    return { state: 'closed', sinceMs: nowMs, opened: breaker.opened };
  }
  return { ...breaker, probes: others, succeeded, ...(failed > 0 && { failed }) };
}

/** Whether so many failures are the share that opens it. A quotient is as exact as the share that a person has typed. */
function isTrouble(failed: number, tasks: number, { failureShare }: BreakerSettings): boolean {
  return failed / tasks >= failureShare;
}

type HalfOpen = Breaker & { readonly state: 'halfOpen' };

function endedProbes({ succeeded, failed = 0 }: HalfOpen): Ended {
  return { tasks: succeeded + failed, failed };
}

function opened(
  before: Breaker | undefined,
  settings: BreakerSettings,
  nowMs: number,
  random: () => number,
  evidence: Ended,
): Breaker {
  const times = wasQuiet(before, settings, nowMs) ? 1 : (before?.opened ?? 0) + 1;
  const baseMs = settings.openSeconds * 1000;
  const capMs = MOST_OPEN * baseMs;
  const leastMs = Math.min(capMs, baseMs * 2 ** (times - 1));
  // A tenth of chance on top: groups that share the other side do not all probe at once.
  const jitterMs = fullJitter({ attempt: 0, baseMs: leastMs / 10, capMs, random });
  return {
    state: 'open',
    sinceMs: nowMs,
    untilMs: nowMs + leastMs + jitterMs,
    opened: times,
    evidence,
  };
}

/** Closed for a whole window: what was before has nothing to do with what is now. */
function wasQuiet(before: Breaker | undefined, { windowSeconds }: BreakerSettings, nowMs: number): boolean {
  return before?.state === 'closed' && nowMs - before.sinceMs > windowSeconds * 1000;
}

/** A window is counted in so many parts, each a number of its own that all environments add to. */
const PARTS = 6;

/** How long a part is, milliseconds; who has something to add waits no longer for more. */
export function partMs({ windowSeconds }: Pick<BreakerSettings, 'windowSeconds'>): number {
  return (windowSeconds * 1000) / PARTS;
}

/**
 * Names of the parts of the window that ends now, the newest first. They begin anew when a breaker closes: the tasks
 * before that have had their say.
 */
export function partNames(
  breaker: Breaker | undefined,
  settings: BreakerSettings,
  nowMs: number,
): readonly [string, ...string[]] {
  const sinceMs = breaker?.sinceMs ?? 0;
  const lengthMs = partMs(settings);
  const last = Math.floor(nowMs / lengthMs);
  const name = (part: number) => `${sinceMs}-${part}`;
  const count = Math.min(PARTS, last - Math.floor(sinceMs / lengthMs) + 1);
  return [
    name(last),
    ...Array.from({ length: Math.max(0, count - 1) }, (_, index) => name(last - index - 1)),
  ];
}
