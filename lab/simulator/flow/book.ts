import type { GroupState } from '../../../core/flow/hold.ts';
import type { ExecutionEnvironment } from './environment.ts';

/** A handler that was called. Times are epoch milliseconds: the true one, and what its process believed. */
export interface Start {
  readonly task: number;
  readonly messageId: string;
  readonly environment: string;
  /** As the handler was told. */
  readonly attempt: number;
  readonly trueMs: number;
  readonly ownMs: number;
  /** Absent where its process died meanwhile. */
  end?: {
    readonly trueMs: number;
    readonly how: 'returned' | 'drop' | 'deadLetter' | 'threw' | 'later' | 'refused' | 'aborted';
  };
}

/** A call of the function. */
export interface CallNote {
  readonly environment: string;
  readonly startMs: number;
  endMs: number;
  how: 'running' | 'answered' | 'failed' | 'timedOut' | 'killed';
  readonly tasks: readonly number[];
}

/** A dead letter, as it lies in its queue. */
export interface Letter {
  readonly task: number;
  readonly atMs: number;
  /** Undefined where SQS moved it itself. */
  readonly reason: string | undefined;
  /** As the runtime counted. */
  readonly attempts: number | undefined;
}

/** What happened. */
export class Book {
  readonly starts: Start[] = [];
  readonly calls: CallNote[] = [];
  /** Every state of the group that was written, and when. */
  readonly groups: { readonly atMs: number; readonly state: GroupState }[] = [];
  /** When the API refused for its rate, and whom. */
  readonly refusals: { readonly atMs: number; readonly ownMs: number; readonly environment: string }[] = [];
  /** What the runtime wrote. */
  readonly notes: { readonly atMs: number; readonly environment: string; readonly line: string }[] = [];
  receives = 0;
  /** Calls that Lambda had no room for. */
  throttles = 0;
  beginMs = 0;
  endMs = 0;
  /** Tasks that were sent. */
  sent = 0;
  letters: readonly Letter[] = [];
  /** Messages that are still in the queue. */
  left = 0;
  /** When the queue was first empty, if ever. */
  emptyAtMs: number | undefined;
  /** Calls to what environments share, by name. */
  sharedCalls: ReadonlyMap<string, number> = new Map();
  /** When each task of the burst was noted as done, by its index. */
  readonly noted = new Map<number, number>();
  /** When it was noted that the burst is over. */
  notedEndMs: number | undefined;
  readonly #byTask = new Map<number, Start[]>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  start(task: number, messageId: string, attempt: number, environment: ExecutionEnvironment): Start {
    const start: Start = {
      task,
      messageId,
      attempt,
      environment: environment.id,
      trueMs: this.#nowMs(),
      ownMs: environment.nowMs(),
    };
    this.starts.push(start);
    const others = this.#byTask.get(task);
    if (others === undefined) this.#byTask.set(task, [start]);
    else others.push(start);
    this.onStart(start);
    return start;
  }

  /** Told of each start. */
  onStart: (start: Start) => void = () => {};

  end(start: Start, how: NonNullable<Start['end']>['how']): void {
    start.end = { trueMs: this.#nowMs(), how };
  }

  note(environment: string, line: string): void {
    this.notes.push({ atMs: this.#nowMs(), environment, line });
  }

  notedDone(index: number): void {
    if (!this.noted.has(index)) this.noted.set(index, this.#nowMs());
  }

  notedEnd(): void {
    this.notedEndMs ??= this.#nowMs();
  }

  startsOf(task: number): readonly Start[] {
    return this.#byTask.get(task) ?? [];
  }

  /** Tasks that some handler finished. */
  get done(): number {
    let done = 0;
    for (const starts of this.#byTask.values()) {
      if (starts.some(({ end }) => end?.how === 'returned' || end?.how === 'drop')) done += 1;
    }
    return done;
  }
}
