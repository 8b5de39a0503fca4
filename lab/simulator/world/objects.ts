import type { CodeBucket, CodeObject, Page, SalvagedMessage, SalvageStore } from '../../../aws/ports.ts';
import { hash32 } from '../chance.ts';
import { refused } from './failures.ts';
import { pageAfter } from './paging.ts';
import type { Sync } from './sync.ts';

/** A versioned bucket of consumer code. */
export class SimulatedCodeBucket implements Sync<CodeBucket> {
  readonly #versions = new Map<string, string[]>();

  /** Uploads an object; its version id is the answer. */
  put(key: string, version: string): string {
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), version]);
    return version;
  }

  deleteVersion(key: string, version: string): void {
    this.#versions.set(
      key,
      (this.#versions.get(key) ?? []).filter((each) => each !== version),
    );
  }

  head(key: string, version?: string): CodeObject | undefined {
    const versions = this.#versions.get(key) ?? [];
    const found = version === undefined ? versions.at(-1) : versions.find((each) => each === version);
    return found === undefined
      ? undefined
      : { key, version: found, sizeBytes: 1000, etag: sha256Of(key, found) };
  }
}

/** Stands for Lambda's CodeSha256 of one version of one object. */
export function sha256Of(key: string, version: string): string {
  return `sha-${hash32(`${key}@${version}`).toString(16)}`;
}

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
