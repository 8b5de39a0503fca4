import type { Page } from './page.ts';
import type { QueueMessage } from './queues.ts';

export interface SalvageStore {
  /** `s3://bucket/prefix/` of a pipeline. */
  uri(pipelineId: string): string;
  /** Writes one object and answers its key; the line count stands in the key. */
  write(pipelineId: string, part: string, messages: readonly SalvagedMessage[]): Promise<string>;
  page(
    pipelineId: string,
    cursor: string | undefined,
  ): Promise<Page<{ readonly key: string; readonly count: number }>>;
  read(key: string): Promise<readonly SalvagedMessage[]>;
  delete(key: string): Promise<void>;
}

/** A message as salvage keeps it: one JSON line. */
export interface SalvagedMessage {
  readonly messageId: string;
  readonly from: 'queue' | 'deadLetterQueue';
  readonly body: string;
  readonly attributes: QueueMessage['attributes'];
  readonly receiveCount: number;
  readonly sentAtMs: number;
}
