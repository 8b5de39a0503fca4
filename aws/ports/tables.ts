import type { GroupState } from '../../core/flow/hold.ts';
import type { RanSoFar } from '../../core/flow/measured.ts';
import type { Reservation, ReservationResult } from '../../core/pacing.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { Page } from './page.ts';

/** The table of config records: Sluice only reads it. */
export interface ConfigRecords {
  /** Strongly consistent. */
  read(pipelineId: string): Promise<Record<string, unknown> | undefined>;
  /** A slice of all records, in the table's own order. */
  page(cursor: string | undefined, limit: number): Promise<Page<Record<string, unknown>>>;
}

export interface StatusRecords {
  /** Strongly consistent. */
  read(pipelineId: string): Promise<StatusRecord | undefined>;
  /**
   * Replaces the record if its revision is still `next.revision` (0: there is none) and stores it with
   * the next revision.
   */
  write(next: StatusRecord): Promise<'written' | 'conflict'>;
  page(cursor: string | undefined, limit: number): Promise<Page<StatusRecord>>;
}

/** Small shared facts with a revision each, and the ledgers that pace. Table `sluice-<stage>-ledgers`. */
export interface Ledgers {
  /** At most two conditional updates, three in a race; see core/pacing.ts. */
  reserve(ledgerId: string, request: Reservation): Promise<ReservationResult>;
  read(ledgerId: string): Promise<Fact | undefined>;
  /** Writes if the revision is still `expectedRevision` (0: there is none). */
  write(ledgerId: string, value: unknown, expectedRevision: number): Promise<'written' | 'conflict'>;
}

export interface Fact {
  readonly value: unknown;
  readonly revision: number;
}

/** What the tasks of a group share: its consumer writes it. Table `sluice-<stage>-holds`. */
export interface Holds {
  /** Strongly consistent. Undefined where nothing is said of the group. */
  read(pipelineId: string): Promise<GroupState | undefined>;
}

/** What consumers write down of their work, and the starts that they reserve. Table `sluice-<stage>-flow`. */
export interface Flow {
  /** What the tasks of a pipeline that is paced by a ledger have taken so far; undefined before the first. */
  readRan(pipelineId: string): Promise<RanSoFar | undefined>;
  /**
   * `pullTurns` of core/flow/held-turns.ts: a hold has been ended before its time, and its ledger goes back.
   * @param endedMs when it would have been over, epoch milliseconds
   * @param untilMs until when the group waits now; 0 where it does not
   */
  pullTurns(pipelineId: string, endedMs: number, untilMs: number): Promise<void>;
}
