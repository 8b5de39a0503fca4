import type { ConfigRecords, Fact, Ledgers, Page, StatusRecords } from '../../../aws/ports.ts';
import { type LedgerState, type Reservation, type ReservationResult, reserve } from '../../../core/pacing.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import { HashTable } from './hash-table.ts';
import type { Sync } from './sync.ts';

export type Image = Readonly<Record<string, unknown>>;

/** The table of config records. People write it; every change goes to the stream. */
export class SimulatedConfigs implements Sync<ConfigRecords> {
  readonly #table = new HashTable<Image>();
  onChange: (
    pipelineId: string,
    before: Image | undefined,
    after: Image | undefined,
    byTtl: boolean,
  ) => void = () => {};

  get records(): ReadonlyMap<string, Image> {
    return this.#table.items;
  }

  put(pipelineId: string, record: Image): void {
    const before = this.#table.items.get(pipelineId);
    this.#table.set(pipelineId, record);
    this.onChange(pipelineId, before, record, false);
  }

  remove(pipelineId: string, byTtl = false): void {
    const before = this.#table.items.get(pipelineId);
    if (before === undefined) return;
    this.#table.delete(pipelineId);
    this.onChange(pipelineId, before, undefined, byTtl);
  }

  read(pipelineId: string): Record<string, unknown> | undefined {
    return this.#table.items.get(pipelineId);
  }

  page(cursor: string | undefined, limit: number): Page<Record<string, unknown>> {
    return this.#table.page(cursor, limit);
  }
}

/** The table of status records, replaced by compare-and-set. */
export class SimulatedStatuses implements Sync<StatusRecords> {
  readonly #table = new HashTable<StatusRecord>();
  onWrite: (record: StatusRecord) => void = () => {};

  get records(): ReadonlyMap<string, StatusRecord> {
    return this.#table.items;
  }

  read(pipelineId: string): StatusRecord | undefined {
    return this.#table.items.get(pipelineId);
  }

  write(next: StatusRecord): 'written' | 'conflict' {
    const { pipelineId, revision } = next;
    if ((this.#table.items.get(pipelineId)?.revision ?? 0) !== revision) return 'conflict';
    // What DynamoDB would keep: a copy, without what is undefined.
    const stored: StatusRecord = { ...JSON.parse(JSON.stringify(next)), revision: revision + 1 };
    this.#table.set(pipelineId, stored);
    this.onWrite(stored);
    return 'written';
  }

  page(cursor: string | undefined, limit: number): Page<StatusRecord> {
    return this.#table.page(cursor, limit);
  }

  /** DynamoDB's own TTL. */
  expire(nowMs: number): void {
    for (const [key, { expiresAt }] of this.#table.items) {
      if (expiresAt !== undefined && expiresAt * 1000 <= nowMs) this.#table.delete(key);
    }
  }
}

/** The table of ledgers and small shared facts. */
export class SimulatedLedgers implements Sync<Ledgers> {
  readonly #ledgers = new Map<string, LedgerState>();
  readonly #facts = new Map<string, Fact>();
  onWrite: (ledgerId: string, value: unknown) => void = () => {};

  reserve(ledgerId: string, request: Reservation): ReservationResult {
    const { state, result } = reserve(this.#ledgers.get(ledgerId), request);
    if (state) this.#ledgers.set(ledgerId, state);
    return result;
  }

  read(ledgerId: string): Fact | undefined {
    return this.#facts.get(ledgerId);
  }

  write(ledgerId: string, value: unknown, expectedRevision: number): 'written' | 'conflict' {
    if ((this.#facts.get(ledgerId)?.revision ?? 0) !== expectedRevision) return 'conflict';
    const stored: unknown = JSON.parse(JSON.stringify(value));
    this.#facts.set(ledgerId, { value: stored, revision: expectedRevision + 1 });
    this.onWrite(ledgerId, stored);
    return 'written';
  }
}
