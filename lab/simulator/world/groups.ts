import type { Flow, Holds } from '../../../aws/ports.ts';
import type { GroupChanged } from '../../../core/flow/group-change.ts';
import type { GroupState } from '../../../core/flow/hold.ts';
import type { RanSoFar } from '../../../core/flow/measured.ts';
import type { VirtualClock } from '../clock.ts';
import type { Sync } from './sync.ts';
import type { TaskBook } from './tasks.ts';

/** The table of what groups share. Consumers write it, or people; every change goes to the stream. */
export class SimulatedHolds implements Sync<Holds> {
  readonly #groups = new Map<string, GroupState>();
  /** All that was ever changed. */
  readonly changes: GroupChanged[] = [];
  onChange: (change: GroupChanged) => void = () => {};

  get groups(): ReadonlyMap<string, GroupState> {
    return this.#groups;
  }

  read(pipelineId: string): GroupState | undefined {
    return this.#groups.get(pipelineId);
  }

  put(pipelineId: string, after: GroupState): void {
    const before = this.#groups.get(pipelineId);
    this.#groups.set(pipelineId, after);
    this.#changed({ pipelineId, before, after, isExpiry: false });
  }

  remove(pipelineId: string, isExpiry = false): void {
    const before = this.#groups.get(pipelineId);
    if (before === undefined) return;
    this.#groups.delete(pipelineId);
    this.#changed({ pipelineId, before, after: undefined, isExpiry });
  }

  #changed(change: GroupChanged): void {
    this.changes.push(change);
    this.onChange(change);
  }
}

/** What consumers write down of their work: how long the tasks took that have ended. */
export class SimulatedFlow implements Sync<Flow> {
  /** Holds whose starts were pulled back; what tasks take here is not paced. */
  readonly pulled: { readonly pipelineId: string; readonly endedMs: number; readonly untilMs: number }[] = [];
  readonly #book: TaskBook;
  readonly #clock: VirtualClock;

  constructor(book: TaskBook, clock: VirtualClock) {
    this.#book = book;
    this.#clock = clock;
  }

  pullTurns(pipelineId: string, endedMs: number, untilMs: number): void {
    this.pulled.push({ pipelineId, endedMs, untilMs });
  }

  readRan(pipelineId: string): RanSoFar | undefined {
    const nowMs = this.#clock.nowMs();
    const ended = this.#book.runs.filter(
      (run) => run.pipelineId === pipelineId && run.endedAtMs <= nowMs && run.outcome !== 'timedOut',
    );
    if (ended.length === 0) return undefined;
    const ms = ended.reduce((sum, { startedAtMs, endedAtMs }) => sum + endedAtMs - startedAtMs, 0);
    return { tasks: ended.length, ms };
  }
}
