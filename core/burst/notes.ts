import type { Place } from './place.ts';

/** How a task that was begun ended. */
export type TaskEnd =
  /** It is over, and never runs again. */
  | { readonly kind: 'done' }
  /** The attempt failed, the task comes back. */
  | { readonly kind: 'failed' }
  /** It is a dead letter; a redrive may bring it back. */
  | { readonly kind: 'dead' }
  /** It was given back: as if it had never begun. */
  | { readonly kind: 'givenBack' };

/** When an attempt ran, epoch milliseconds, and over how many bytes where the task says so. */
export interface TaskRan {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly bytes?: number;
}

/** `done`: it was done before; `running`: another one runs it until then, epoch milliseconds. */
export type Begun =
  | { readonly kind: 'begun' }
  | { readonly kind: 'done' }
  | { readonly kind: 'running'; readonly untilMs: number };

/** What the runtime tells of the tasks of bursts, a call of DynamoDB each. Every call may fail or never answer. */
export interface BurstNotes {
  /**
   * One conditional update: the task runs until this moment at the latest, unless it is done or runs already. A task
   * whose former run is past its moment begins anew. The same moment again is the same run, whose reply was lost.
   * @param untilMs with a fraction that no other run of the task has: it is the run's name, too
   */
  begin(place: Place, untilMs: number, nowMs: number, signal: AbortSignal): Promise<Begun>;
  /**
   * One update, and one more for each shard, block and burst that is over with it. Another run that has begun since
   * goes on: only the run of this moment ends. Told again, however late, it counts once and changes nothing newer.
   * @param untilMs of its begin; undefined where it was never noted
   */
  end(
    place: Place,
    untilMs: number | undefined,
    how: TaskEnd,
    ran: TaskRan | undefined,
    signal: AbortSignal,
  ): Promise<void>;
}
