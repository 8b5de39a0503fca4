import type { SQSRecord } from 'aws-lambda';
import { BURST_ATTRIBUTES } from '../core/burst/attributes.ts';
import type { Begun, BurstNotes, TaskEnd, TaskRan } from '../core/burst/notes.ts';
import type { Place } from '../core/burst/place.ts';
import { type Call, claimEndsMs, whenAborted, withSignal } from './call.ts';
import { isPast } from './clock.ts';
import type { Effects } from './effects.ts';
import { textAttribute } from './message.ts';

/** A task of a burst, in one receive of it. */
export interface CountedTask {
  /**
   * Asks whether it may run, and notes that it does.
   * @returns `begun` also where nobody answers, after telling why: a note is never worth a task
   */
  begin(call: Call, problem: (text: string, error: unknown) => void, signal: AbortSignal): Promise<Begun>;
  /**
   * Notes how it ended.
   * @param ran when its handler ran; undefined where it did not
   * @throws what the note failed with
   */
  end(
    how: TaskEnd['kind'],
    ran: Omit<TaskRan, 'bytes'> | undefined,
    call: Call,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Counts the tasks of bursts, as one environment does. */
export interface BurstCounter {
  /** @returns undefined for a task of no burst */
  of(record: SQSRecord, task: unknown): CountedTask | undefined;
}

/** A note takes no more than this, and no more than so much of its call: there must be room for the task. */
const LONGEST_NOTE_MS = 1_000;
const SHARE_OF_CALL = 0.1;
/** After so many failures in a row nothing is noted for a while: each of them takes the time of a task. */
const FAILURES = 3;
const REST_MS = 10_000;

/** Two runs of a task that would end in the same millisecond are told apart by its fraction. */
const FRACTIONS = 1_000;

export function createBurstCounter(notes: BurstNotes, effects: Effects): BurstCounter {
  let failures = 0;
  let failedAtMs = 0;

  /** @returns undefined while nothing is noted */
  const note = async <T>(
    call: Call,
    signal: AbortSignal,
    act: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> => {
    const nowMs = effects.nowMs();
    if (failures >= FAILURES && !isPast(failedAtMs, REST_MS, nowMs)) return undefined;
    const mostMs = Math.min(LONGEST_NOTE_MS, SHARE_OF_CALL * call.callMs);
    try {
      const answer = await withSignal(nowMs + mostMs, effects, (late) => {
        const either = AbortSignal.any([signal, late]);
        return Promise.race([act(either), whenAborted(either)]);
      });
      failures = 0;
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

  return {
    of(record, task) {
      const place = placeOf(record);
      if (place === undefined) return undefined;
      /** Of the begin, whether or not its reply came; undefined: none was asked for. */
      let runsUntilMs: number | undefined;
      let isDone = false;
      return {
        async begin(call, problem, signal) {
          const fraction = Math.floor(effects.random() * FRACTIONS) / FRACTIONS;
          const untilMs = Math.floor(claimEndsMs(call)) + fraction;
          try {
            const begun = await note(call, signal, (until) => {
              runsUntilMs = untilMs;
              return notes.begin(place, untilMs, effects.nowMs(), until);
            });
            if (begun === undefined || begun.kind === 'begun') return { kind: 'begun' };
            runsUntilMs = undefined;
            isDone = begun.kind === 'done';
            return begun;
          } catch (error) {
            problem('its burst does not know that it runs', error);
            return { kind: 'begun' };
          }
        },

        async end(kind, ran, call, signal) {
          if (isDone || (kind === 'givenBack' && runsUntilMs === undefined)) return;
          const sized = ran && { ...ran, ...bytesOf(task) };
          await note(call, signal, (until) => notes.end(place, runsUntilMs, { kind }, sized, until));
        },
      };
    },
  };
}

const BURST_ID = /^[\x20-\x22\x24-\x7e]{1,128}$/;
const WHOLE = /^\d{1,9}$/;

/** @returns undefined where the message says none, or something odd: anybody may send to a queue */
export function placeOf(record: SQSRecord): Place | undefined {
  const burstId = textAttribute(record, BURST_ATTRIBUTES.burstId) ?? '';
  const [index, total] = [BURST_ATTRIBUTES.index, BURST_ATTRIBUTES.total].map((name) => {
    const text = textAttribute(record, name) ?? '';
    return WHOLE.test(text) ? Number(text) : undefined;
  });
  if (!BURST_ID.test(burstId) || index === undefined || total === undefined || index >= total)
    return undefined;
  return { burstId, index, total };
}

/** How large a task says it is. */
function bytesOf(task: unknown): Pick<TaskRan, 'bytes'> {
  const { sizeBytes } = Object(task) as { readonly sizeBytes?: unknown };
  const isSize = typeof sizeBytes === 'number' && sizeBytes >= 0 && sizeBytes <= Number.MAX_SAFE_INTEGER;
  return isSize ? { bytes: Math.round(sizeBytes) } : {};
}
