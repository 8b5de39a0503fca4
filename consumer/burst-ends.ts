import type { BurstNotes, TaskEnd, TaskRan } from '../core/burst/notes.ts';
import { burstIdOf, type Place } from '../core/burst/place.ts';
import { type Call, whenAborted, withSignal } from './call.ts';
import { isPast } from './clock.ts';
import type { Effects } from './effects.ts';
import { logLine } from './log.ts';

/** What a burst is to know of a task's end. */
export interface EndNote {
  readonly place: Place;
  /** Of its begin; undefined: none was asked for. */
  readonly untilMs: number | undefined;
  readonly how: TaskEnd;
  readonly ran: TaskRan | undefined;
}

/** Tells bursts of their tasks, as one environment does: an end that could not be told is told later. */
export interface Teller {
  /**
   * @returns undefined where nothing was asked: the table rests
   * @throws what it failed with, or that it took too long
   */
  begin<T>(call: Call, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>;
  /** @throws what it failed with, or that it took too long; it is kept then */
  end(note: EndNote, call: Call, signal: AbortSignal): Promise<void>;
  /** Before the call answers, after which nothing runs until another: tells what is kept, for a moment at most. */
  catchUp(call: Call, signal: AbortSignal): Promise<void>;
}

/** A begin keeps its task waiting no longer than this, and no longer than so much of its call. */
const BEGIN = { mostMs: 1_500, share: 0.1 };
/** Until the table has answered this process for the first time, which has to connect. */
const FIRST_BEGIN = { mostMs: 3_000, share: 0.25 };
/** An end that is not told is a task that is not counted: this long, or this much of what is left of its call, … */
const END = { mostMs: 5_000, share: 0.25 };
/** … or this much of all of it, for a task that has left little. */
const SHORT_END = { mostMs: 1_000, share: 0.1 };

/** After so many failures in a row nothing is told for a while: each of them takes the time of a task. */
const FAILURES = 3;
const REST_MS = 10_000;

/** Some hundred bytes each. Beyond it the oldest go: theirs are the bursts that the reconciler ends first. */
const KEPT_MOST = 1_000;
/** Kept ones that are told at once. */
const AT_ONCE = 8;

export function createTeller(notes: BurstNotes, effects: Effects): Teller {
  let failures = 0;
  let failedAtMs = 0;
  let hasAnswered = false;
  /** In the order in which they were tried last. */
  let kept: Set<EndNote> | undefined;

  const rests = () => failures >= FAILURES && !isPast(failedAtMs, REST_MS, effects.nowMs());

  const reach = async <T>(
    mostMs: number,
    signal: AbortSignal,
    act: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    try {
      const answer = await withSignal(effects.nowMs() + mostMs, effects, (late) => {
        const either = AbortSignal.any([signal, late]);
        return Promise.race([act(either), whenAborted(either)]);
      });
      failures = 0;
      hasAnswered = true;
      return answer;
    } catch (error) {
      // A task that has used up its time leaves none for its note: that says nothing of the next.
      if (!signal.aborted) {
        failures += 1;
        failedAtMs = effects.nowMs();
      }
      throw error;
    }
  };

  const keep = (note: EndNote) => {
    if (kept === undefined) {
      kept = new Set();
      effects.onShutdown(() => tellOfLost(kept ?? [], effects));
    }
    const [oldest] = kept;
    if (oldest !== undefined && kept.size >= KEPT_MOST) kept.delete(oldest);
    kept.add(note);
  };

  const tell = async (note: EndNote, mostMs: number, signal: AbortSignal) => {
    try {
      await reach(mostMs, signal, (until) => notes.end(note.place, note.untilMs, note.how, note.ran, until));
    } catch (error) {
      keep(note);
      throw error;
    }
  };

  /** Some of those that are kept; what fails is kept again, behind the others. */
  const tellKept = (mostMs: number, signal: AbortSignal) =>
    [...(kept ?? [])].slice(0, AT_ONCE).map((note) => {
      kept?.delete(note);
      return tell(note, mostMs, signal).catch(() => undefined);
    });

  return {
    async begin(call, signal, ask) {
      if (rests()) return undefined;
      const isFirst = !hasAnswered && failures < FAILURES;
      return reach(within(isFirst ? FIRST_BEGIN : BEGIN, call.callMs), signal, ask);
    },

    async end(note, call, signal) {
      if (rests()) return keep(note);
      const mostMs = endMs(call, effects.nowMs());
      await Promise.all([...tellKept(mostMs, signal), tell(note, mostMs, signal)]);
    },

    async catchUp(call, signal) {
      const beganMs = effects.nowMs();
      const mostMs = endMs(call, beganMs);
      while (kept?.size && !rests() && !signal.aborted) {
        const leftMs = mostMs - (effects.nowMs() - beganMs);
        if (leftMs <= 0) return;
        await Promise.all(tellKept(leftMs, signal));
      }
    },
  };
}

function within({ mostMs, share }: { readonly mostMs: number; readonly share: number }, ofMs: number) {
  return Math.min(mostMs, share * ofMs);
}

function endMs({ callMs, deadlineMs }: Call, nowMs: number): number {
  return Math.max(within(END, deadlineMs - nowMs), within(SHORT_END, callMs));
}

/** Nobody will tell these any more: their tasks are unaccounted for, unless they are received again. */
function tellOfLost(lost: Iterable<EndNote>, { write }: Effects): void {
  const bursts: Record<string, number> = {};
  for (const { place } of lost) {
    const burstId = burstIdOf(place.partsId);
    bursts[burstId] = (bursts[burstId] ?? 0) + 1;
  }
  if (Object.keys(bursts).length === 0) return;
  const message = 'bursts do not know how so many of their tasks ended';
  write(logLine({ level: 'warn', sluice: 'problem', message, bursts }));
}
