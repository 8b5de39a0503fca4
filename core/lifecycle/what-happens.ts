import type { GroupState } from '../flow/hold.ts';
import { mindsBreaker } from '../flow/limits.ts';
import type { StatusRecord } from '../status-record.ts';
import { type Counts, messagesIn } from './rest.ts';
import type { Target } from './target.ts';
import { teardownOf } from './teardown.ts';

/** Why tasks are kept without having had their time to run. */
export type KeptFor = 'paused' | 'forcedOpen' | 'held' | 'resting' | 'unfinished' | 'stopped';

/** What becomes of the tasks of a pipeline. */
export type Fate =
  /** There is none: it was never made, or is gone. */
  | { readonly kind: 'nothing' }
  /** Deleted for good, its dead letters, too. */
  | { readonly kind: 'discarded' }
  /** Saved to the salvage bucket, and none runs before. */
  | { readonly kind: 'kept'; readonly why: KeptFor }
  /** They run until `limitMs` at most, what is left then is saved; none starts before `startsMs`, where that is given. */
  | {
      readonly kind: 'drained';
      readonly limitMs: number;
      readonly startsMs?: number;
      readonly waitsFor?: 'held' | 'breakerOpen';
    };

/** What deleting its record does to a pipeline. Plain JSON; times are epoch milliseconds. */
export interface Ending {
  readonly fate: Fate;
  readonly atMs: number;
  /** Its record is deleted already, and it is being taken down. */
  readonly isUnderWay: boolean;
  /** In its queue, however they are; absent where nobody has looked. */
  readonly tasks?: number;
  readonly deadLetters?: number;
  /** `onDelete` of its record, where that is not what it goes by. */
  readonly asked?: 'drain' | 'discard';
  /** What is asked for may be applied before it is taken down, and then its tasks are deleted for good. */
  readonly mayDiscard: boolean;
}

/** What is known of a pipeline whose end somebody thinks of. */
export interface EndingFacts {
  readonly status: StatusRecord | undefined;
  readonly group?: GroupState | undefined;
  readonly counts?: Counts | undefined;
  readonly deadLetters?: number | undefined;
  /** As it stands in the table. */
  readonly record?: Readonly<Record<string, unknown>> | undefined;
  readonly nowMs: number;
}

/** What becomes of a pipeline's tasks if its record is deleted now, by the rules that its teardown goes by. */
export function endingOf(facts: EndingFacts): Ending {
  const { status, counts, deadLetters, record, nowMs } = facts;
  const fate = fateOf(facts);
  const isUnderWay = status?.closing !== undefined;
  const goesBy = fate.kind === 'discarded' ? 'discard' : 'drain';
  const asked = record === undefined || isUnderWay ? undefined : onDeleteOf(record);
  return {
    fate,
    atMs: nowMs,
    isUnderWay,
    ...(counts && { tasks: messagesIn(counts) }),
    ...(deadLetters !== undefined && { deadLetters }),
    ...(asked !== undefined && fate.kind !== 'nothing' && asked !== goesBy && { asked }),
    mayDiscard: goesBy !== 'discard' && !isUnderWay && mayDiscard(status, asked),
  };
}

function fateOf({ status, group, nowMs }: EndingFacts): Fate {
  if (status === undefined || status.phase === 'Deleted' || !status.built) return { kind: 'nothing' };
  const run = teardownOf(status);
  if (run === 'discard') return { kind: 'discarded' };
  const { applied, closing } = status;
  if (applied === undefined) return { kind: 'kept', why: 'unfinished' };
  if (run === 'salvage') return { kind: 'kept', why: whyKept(status, applied) };
  // It runs, and its runtime starts nothing.
  if (applied.wanted.breaker?.force === 'open') return { kind: 'kept', why: 'forcedOpen' };
  const limitMs = (closing?.sinceMs ?? nowMs) + applied.wanted.drainTimeoutSeconds * 1000;
  const wait = waitOf(applied, group, nowMs);
  if (wait !== undefined && wait.startsMs >= limitMs) return { kind: 'kept', why: 'held' };
  return { kind: 'drained', limitMs, ...wait };
}

function whyKept({ closing, hold }: StatusRecord, { wanted }: Target): KeptFor {
  if (closing?.processingOver) return 'stopped';
  if (wanted.paused) return 'paused';
  if (hold?.cause === 'forced' || wanted.breaker?.force === 'open') return 'forcedOpen';
  return hold === undefined ? 'resting' : 'held';
}

/** The wait that ends last. */
function waitOf({ wanted }: Target, { hold, breaker }: GroupState = {}, nowMs: number) {
  const minds = mindsBreaker(wanted);
  const heldMs = hold !== undefined && (hold.cause !== 'breaker' || minds) ? hold.untilMs : 0;
  const openMs = minds && breaker?.state === 'open' ? breaker.untilMs : 0;
  const startsMs = Math.max(heldMs, openMs);
  if (startsMs <= nowMs) return undefined;
  return { startsMs, waitsFor: openMs >= heldMs ? ('breakerOpen' as const) : ('held' as const) };
}

/** Whether a change that discards is on its way; a rejected one never comes. */
function mayDiscard(status: StatusRecord | undefined, asked: Ending['asked']): boolean {
  if (status === undefined || status.phase === 'Deleted') return false;
  if (status.lease !== undefined && status.run?.target?.wanted.onDelete === 'discard') return true;
  return asked === 'discard' && status.phase !== 'Rejected';
}

function onDeleteOf({ onDelete = 'drain' }: Readonly<Record<string, unknown>>): Ending['asked'] {
  return onDelete === 'discard' || onDelete === 'drain' ? onDelete : undefined;
}
