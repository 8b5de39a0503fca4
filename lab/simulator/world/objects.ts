import type { Page, SalvagedMessage, SalvageStore } from '../../../aws/ports.ts';
import { refused } from './failures.ts';
import { pageAfter } from './paging.ts';
import type { Sync } from './sync.ts';

/** The salvage bucket. */
export class SimulatedSalvage implements Sync<SalvageStore> {
  readonly objects = new Map<string, readonly SalvagedMessage[]>();
  readonly #bucket: string;

  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  uri(pipelineId: string): string {
    return `s3://${this.#bucket}/${pipelineId}/`;
  }

  write(pipelineId: string, part: string, messages: readonly SalvagedMessage[]): string {
    const key = `${pipelineId}/${part}.${messages.length}.jsonl`;
    this.objects.set(key, messages);
    return key;
  }

  page(
    pipelineId: string,
    cursor: string | undefined,
  ): Page<{ readonly key: string; readonly count: number }> {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(`${pipelineId}/`)).sort();
    const { items, cursor: next } = pageAfter(keys, cursor, 1000);
    const counted = items.map((key) => ({ key, count: this.objects.get(key)?.length ?? 0 }));
    return { items: counted, ...(next === undefined ? {} : { cursor: next }) };
  }

  read(key: string): readonly SalvagedMessage[] {
    const messages = this.objects.get(key);
    if (messages === undefined) throw refused('s3:GetObject', 'NoSuchKey', key);
    return messages;
  }

  delete(key: string): void {
    this.objects.delete(key);
  }
}
