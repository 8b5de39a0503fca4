import { refused } from '../core/flow/group.ts';
import { type GroupState, type Hold, isHeld, resumeAtMs } from '../core/flow/hold.ts';
import { type ConsumerLimits, mindsBreaker, watchesGroup } from '../core/flow/limits.ts';
import { judgeStart } from '../core/pacing.ts';
import { createTaskBreaker, type Found, type Pass } from './breaker.ts';
import { type Call, tasksEndMs } from './call.ts';
import { createDurations } from './durations.ts';
import type { Effects } from './effects.ts';
import type { Waits } from './fate.ts';
import { createGroupView } from './group-view.ts';
import { createLease } from './lease.ts';
import { createSlotRest } from './slot-rest.ts';
import { createStarts } from './starts.ts';
import { createWaiting } from './waiting.ts';

/** Whoever asks something of the gate. */
export interface Caller {
  readonly call: Call;
  /** What does not work is told here, and nothing stops for it. */
  readonly problem: (text: string, error: unknown) => void;
  readonly signal: AbortSignal;
}

/** A task that asks to start. */
export interface Applicant extends Caller {
  /** Nobody has seen it before: it has not waited yet. */
  readonly isFresh: boolean;
  /** Whatever has to be done before it starts, while it waits; begun once it is sure to start soon. */
  readonly ready: () => Promise<void>;
}

export type Entry =
  | { readonly kind: 'go'; readonly pass: Pass }
  | { readonly kind: 'wait'; readonly outcome: Waits };

/** What the other side said when it refused a task. */
export interface Throttling {
  readonly startedAtMs: number;
  readonly retryAfterMs?: number;
}

/** What all tasks of an environment go through: the limits of their group. */
export interface Gate {
  enter(applicant: Applicant): Promise<Entry>;
  /** A task that entered has ended, or was not started after all. */
  left(pass: Pass, found: Found, caller: Caller): Promise<void>;
  /** A task starts. */
  started(): void;
  /** It took so long. */
  ran(ms: number): void;
  /** The group waits from now on. */
  throttled(throttling: Throttling, caller: Caller): Promise<void>;
  /** The same wait for tasks behind one that has to wait. */
  putOff(outcome: Waits, count: number, caller: Caller): Promise<readonly Waits[]>;
  /** A call's last task is over; until its slot may start another, the call must not end. */
  close(caller: Caller): Promise<void>;
  /** What the slowest task of late needed of its call, milliseconds. */
  slowestMs(): number | undefined;
}

/** Before a reserved start comes: a look takes longer than a start may be late. */
const LOOK_BEFORE_MS = 100;

/** Without the hold of a breaker that the group does not mind. */
function minded(state: GroupState, limits: ConsumerLimits): GroupState {
  if (state.hold?.cause !== 'breaker' || mindsBreaker(limits)) return state;
  const { hold: _hold, ...others } = state;
  return others;
}

export function createGate(limits: ConsumerLimits, effects: Effects): Gate {
  const { pace } = limits;
  const starts = pace.kind === 'ledger' ? createStarts(pace, effects) : undefined;
  const lease = limits.lease ? createLease(effects) : undefined;
  const view = createGroupView(effects, watchesGroup(limits));
  const breaker = limits.breaker && createTaskBreaker(limits.breaker, view, effects);
  const durations = createDurations();
  /** A slot rests after a start, which the call must not end before. */
  const slowestMs = () => {
    const seenMs = durations.slowest();
    return pace.kind === 'slots' && seenMs !== undefined ? Math.max(seenMs, pace.holdMs) : seenMs;
  };
  const waiting = createWaiting(starts, slowestMs, effects);
  /** When this environment goes on after a hold: drawn once for each. */
  let resume: { readonly untilMs: number; readonly atMs: number } = { untilMs: 0, atMs: 0 };

  /** A task of this environment, the last time. */
  let succeededAtMs: number | undefined;
  const rest = pace.kind === 'slots' ? createSlotRest(pace.holdMs, effects) : undefined;

  /** A ledger spreads the starts after a hold itself. */
  const goesOnMs = (hold: Hold): number => {
    if (starts !== undefined) return hold.untilMs;
    if (resume.untilMs !== hold.untilMs) {
      resume = { untilMs: hold.untilMs, atMs: resumeAtMs(hold, () => effects.random()) };
    }
    return resume.atMs;
  };

  const look = async ({ signal, problem }: Caller): Promise<GroupState> => {
    const state = await view.look(signal).catch((error: unknown) => {
      problem('whether the group waits is not known', error);
      return view.known();
    });
    return minded(state, limits);
  };

  /** Sleeps where that is short: all rules are then asked again, which is what undefined says. */
  const wait = async (
    kind: 'held' | 'busy',
    untilMs: number,
    caller: Caller,
    hold?: Hold,
  ): Promise<Entry | undefined> => {
    // A ticket for after a hold that is no more would be a start that passes unused.
    const isEnded = async () => {
      const { hold: now } = await look(caller);
      return now === undefined || goesOnMs(now) < untilMs;
    };
    const outcome = await waiting.sleepOr(kind, untilMs, caller, hold, hold && isEnded);
    return outcome && { kind: 'wait', outcome };
  };

  /** Asks one rule after another. */
  const pass = async (applicant: Applicant, isFresh: boolean): Promise<Entry | undefined> => {
    const { call, signal } = applicant;
    const busyUntilMs = await lease?.take(call, signal);
    if (busyUntilMs !== undefined) return wait('busy', busyUntilMs, applicant);
    const state = await look(applicant);
    const { hold } = state;
    if (hold !== undefined && goesOnMs(hold) > effects.nowMs()) {
      return wait('held', goesOnMs(hold), applicant, hold);
    }
    const leave = (await breaker?.admit(state.breaker, tasksEndMs(call), signal)) ?? {};
    if (typeof leave === 'number') return wait('held', leave, applicant);
    let entry: Entry | undefined;
    try {
      entry = await passPace(applicant, isFresh, leave, hold);
      return entry;
    } finally {
      // A probe that does not start, for whatever reason, is another's.
      if (entry?.kind !== 'go') await left(leave, 'nothing', applicant);
    }
  };

  /** The last rule, and the wait until the start that it gives. */
  const passPace = async (
    applicant: Applicant,
    isFresh: boolean,
    leave: Pass,
    hold: Hold | undefined,
  ): Promise<Entry | undefined> => {
    const { call, signal } = applicant;
    if (starts === undefined || pace.kind !== 'ledger') {
      await applicant.ready();
      await rest?.wait();
      return { kind: 'go', pass: leave };
    }
    const budgets = { budgetMs: waiting.budgetMs(call), nextBudgetMs: waiting.nextBudgetMs(call) };
    const start = await starts.reserve({ isFresh, ...budgets, hold }, signal);
    if (start.kind === 'near') return { kind: 'wait', outcome: await waiting.sleepPart(start.backMs, call) };
    if (start.kind === 'later') {
      return { kind: 'wait', outcome: { kind: 'early', afterSeconds: start.afterSeconds } };
    }
    await applicant.ready();
    await waiting.sleepUntil(start.startMs - LOOK_BEFORE_MS);
    const { hold: holdNow } = await look(applicant);
    await waiting.sleepUntil(start.startMs);
    const isLate = judgeStart(start.startMs, effects.nowMs(), pace.toleranceMs).kind === 'late';
    return isLate || isHeld(holdNow, effects.nowMs()) ? undefined : { kind: 'go', pass: leave };
  };

  const left: Gate['left'] = async (leave, found, { signal, problem }) => {
    if (found === 'succeeded') succeededAtMs = effects.nowMs();
    await breaker
      ?.over(leave, found, signal)
      .catch((error: unknown) => problem('the breaker does not know of it', error));
  };

  return {
    async enter(applicant) {
      let ready: Promise<void> | undefined;
      const readyOnce = () => {
        ready ??= applicant.ready();
        return ready;
      };
      try {
        // Who has waited once has had its ticket, and goes before those who come.
        for (let isFresh = applicant.isFresh; ; isFresh = false) {
          const entry = await pass({ ...applicant, ready: readyOnce }, isFresh);
          if (entry !== undefined) return entry;
        }
      } catch (error) {
        return { kind: 'wait', outcome: waiting.unready(error) };
      }
    },
    left,
    started: () => rest?.begin(),
    ran(ms) {
      durations.add(ms);
      starts?.ran(ms);
    },
    async throttled(throttling, { signal, problem }) {
      const nowMs = effects.nowMs();
      const refusal = { ...throttling, succeededAtMs, nowMs, random: () => effects.random() };
      try {
        const { hold } = await view.change(refused(refusal), signal);
        if (hold !== undefined) await starts?.push(hold.untilMs, signal);
      } catch (error) {
        problem('the others do not know that the group waits', error);
      }
    },
    putOff: (outcome, count, caller) => waiting.putOff(outcome, count, caller),
    async close({ call, signal, problem }) {
      await rest?.wait(tasksEndMs(call) - effects.nowMs());
      await lease
        ?.free(call, signal)
        .catch((error: unknown) => problem('the next one waits for the lease to end', error));
    },
    slowestMs,
  };
}
