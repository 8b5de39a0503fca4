import type { Events, Page, Releases } from '../../../aws/ports.ts';
import { withSays } from '../../../core/events/says.ts';
import type { ReleaseRecord } from '../../../core/release/record.ts';
import type { VirtualClock } from '../clock.ts';
import { HashTable } from './hash-table.ts';
import type { Sync } from './sync.ts';

/** The table of releases, replaced by compare-and-set. */
export class SimulatedReleases implements Sync<Releases> {
  readonly #table = new HashTable<ReleaseRecord>();
  onWrite: (record: ReleaseRecord, before: ReleaseRecord | undefined) => void = () => {};

  get records(): readonly ReleaseRecord[] {
    return [...this.#table.items.values()];
  }

  read(codeKey: string, version: string): ReleaseRecord | undefined {
    return this.#table.items.get(itemKey(codeKey, version));
  }

  write(next: ReleaseRecord): 'written' | 'conflict' {
    const key = itemKey(next.codeKey, next.version);
    const before = this.#table.items.get(key);
    if ((before?.revision ?? 0) !== next.revision) return 'conflict';
    // What DynamoDB would keep: a copy, without what is undefined.
    const stored: ReleaseRecord = { ...JSON.parse(JSON.stringify(next)), revision: next.revision + 1 };
    this.#table.set(key, stored);
    this.onWrite(stored, before);
    return 'written';
  }

  ofKey(codeKey: string): readonly ReleaseRecord[] {
    return this.records.filter((record) => record.codeKey === codeKey);
  }

  page(cursor: string | undefined, limit: number): Page<ReleaseRecord> {
    return this.#table.page(cursor, limit);
  }

  /** DynamoDB's own TTL. */
  expire(nowMs: number): void {
    for (const [key, { expiresAt }] of this.#table.items) {
      if (expiresAt !== undefined && expiresAt * 1000 <= nowMs) this.#table.delete(key);
    }
  }
}

function itemKey(codeKey: string, version: string): string {
  return `${codeKey}\n${version}`;
}

/** EventBridge: whatever was published is kept. */
export class SimulatedEvents implements Sync<Events> {
  readonly published: {
    readonly atMs: number;
    readonly detailType: string;
    readonly detail: Readonly<Record<string, unknown>>;
  }[] = [];
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  publish(detailType: string, detail: Readonly<Record<string, unknown>>): void {
    const kept = JSON.parse(JSON.stringify(withSays(detailType, detail))) as Readonly<
      Record<string, unknown>
    >;
    this.published.push({ atMs: this.#clock.nowMs(), detailType, detail: kept });
  }
}
