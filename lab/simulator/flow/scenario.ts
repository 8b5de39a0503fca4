import type { Effects } from '../../../consumer/effects.ts';
import type { ConsumerLimits } from '../../../core/flow/limits.ts';
import type { Conditions } from './conditions.ts';
import type { ApiPlan } from './downstream.ts';
import type { NotesEffects } from './notes-memory.ts';
import type { SharedEffects, SharedMemory } from './shared-memory.ts';
import type { TaskBody } from './tasks.ts';

/** One pipeline, what it has to do, and what befalls it. */
export interface Scenario {
  /** For all chance in it. */
  readonly seed: number;
  /** Fields of its config record, save the pipelineId. */
  readonly record: Readonly<Record<string, unknown>>;
  /** No unit of concurrency could be reserved for it. */
  readonly lease?: boolean;
  readonly conditions: Conditions;
  /** Tasks, and when they are sent, milliseconds since the world began; an array of bodies for each time. */
  readonly arrivals: readonly { readonly atMs: number; readonly tasks: readonly TaskBody[] }[];
  /** Tasks are those of a burst, each at the index of its number; one that is sent twice is a repeat. */
  readonly burst?: { readonly total: number };
  /** For a while the table of bursts does not answer, or takes so long that many do not wait for it. */
  readonly notesFail?: NotesFail;
  readonly api?: ApiPlan;
  /** A person ends each hold so long after it was written, milliseconds. */
  readonly endsHoldsAfterMs?: number;
  /** It ends when all tasks are over, or after this time, milliseconds. */
  readonly forMs: number;
}

/** Milliseconds since the world began. */
export interface NotesFail {
  readonly how: 'silent' | 'slow';
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A deliberate bug, put in from outside. */
export interface Patch {
  readonly limits?: (limits: ConsumerLimits) => ConsumerLimits;
  readonly shared?: (shared: SharedEffects) => Partial<SharedEffects>;
  readonly effects?: (effects: Effects) => Partial<Effects>;
  readonly notes?: (notes: NotesEffects) => Partial<NotesEffects>;
  /** Instead of pulling back the starts that a hold has put off. */
  readonly pull?: (memory: SharedMemory) => void;
}

/** @returns so many bodies, numbered from `first` on */
export function tasks(count: number, body: (task: number) => Omit<TaskBody, 'task'>, first = 0): TaskBody[] {
  return Array.from({ length: count }, (_, index) => ({ task: first + index, ...body(first + index) }));
}
