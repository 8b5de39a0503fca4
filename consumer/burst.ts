import type { SQSRecord } from 'aws-lambda';
import { BURST_ATTRIBUTES } from '../core/burst/attributes.ts';
import type { Begun, BurstNotes, TaskEnd, TaskRan } from '../core/burst/notes.ts';
import type { PartsId, Place } from '../core/burst/place.ts';
import { createTeller } from './burst-ends.ts';
import { type Call, claimEndsMs } from './call.ts';
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
   * Notes how it ended; while that cannot be, later.
   * @param ran when its handler ran; undefined where it did not
   * @throws what the note failed with, for now
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
  /** To be called before a call answers: notes what could not be noted before, for some seconds at most. */
  catchUp(call: Call, signal: AbortSignal): Promise<void>;
}

/** Two runs of a task that would end in the same millisecond are told apart by its fraction. */
const FRACTIONS = 1_000;

export function createBurstCounter(notes: BurstNotes, effects: Effects): BurstCounter {
  const teller = createTeller(notes, effects);
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
            const begun = await teller.begin(call, signal, (until) => {
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
          await teller.end({ place, untilMs: runsUntilMs, how: { kind }, ran: sized }, call, signal);
        },
      };
    },
    catchUp: (call, signal) => teller.catchUp(call, signal),
  };
}

const PARTS_ID = /^[\x20-\x22\x24-\x7e]{1,128}#\w{1,9}$/;
const WHOLE = /^\d{1,9}$/;

/** @returns undefined where the message says none, or something odd: anybody may send to a queue */
export function placeOf(record: SQSRecord): Place | undefined {
  const partsId = (textAttribute(record, BURST_ATTRIBUTES.burstId) ?? '') as PartsId;
  const [index, total] = [BURST_ATTRIBUTES.index, BURST_ATTRIBUTES.total].map((name) => {
    const text = textAttribute(record, name) ?? '';
    return WHOLE.test(text) ? Number(text) : undefined;
  });
  if (!PARTS_ID.test(partsId) || index === undefined || total === undefined || index >= total)
    return undefined;
  return { partsId, index, total };
}

/** How large a task says it is. */
function bytesOf(task: unknown): Pick<TaskRan, 'bytes'> {
  const { sizeBytes } = Object(task) as { readonly sizeBytes?: unknown };
  const isSize = typeof sizeBytes === 'number' && sizeBytes >= 0 && sizeBytes <= Number.MAX_SAFE_INTEGER;
  return isSize ? { bytes: Math.round(sizeBytes) } : {};
}
