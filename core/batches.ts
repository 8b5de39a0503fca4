import { SQS_BATCH_BYTES, SQS_BATCH_ENTRIES } from './aws-limits.ts';

/** A message about to be sent, as far as its size goes. */
export interface PackableEntry {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
}

/** What one SendMessageBatch takes. */
export interface BatchLimits {
  readonly maxEntries: number;
  /** All bodies and attributes of the batch together; also the limit of one message. */
  readonly maxBytes: number;
}

/** What SQS takes. */
export const SEND_BATCH_LIMITS: BatchLimits = { maxEntries: SQS_BATCH_ENTRIES, maxBytes: SQS_BATCH_BYTES };

/** An entry in its batch, with its place in the list that was packed. */
export interface PackedEntry<E> {
  readonly index: number;
  readonly entry: E;
}

export interface Packing<E> {
  readonly batches: readonly (readonly PackedEntry<E>[])[];
  /** Entries that alone are above the limit: no batch can carry them. */
  readonly refused: readonly { readonly index: number; readonly bytes: number; readonly maxBytes: number }[];
}

/**
 * The bytes SQS counts for a message: its body in UTF-8, and each attribute's name, type and value.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function entryBytes({ body, attributes = {} }: PackableEntry): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { type, value }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value);
  }
  return bytes;
}

/**
 * Packs messages in their order into as few calls as their order allows. Each ends up in exactly one batch
 * or, when it is too large by itself, among the refused.
 */
export function packBatches<E extends PackableEntry>(
  entries: readonly E[],
  limits: BatchLimits = SEND_BATCH_LIMITS,
): Packing<E> {
  const batches: PackedEntry<E>[][] = [];
  const refused: { index: number; bytes: number; maxBytes: number }[] = [];
  let batch: PackedEntry<E>[] = [];
  let batchBytes = 0;
  for (const [index, entry] of entries.entries()) {
    const bytes = entryBytes(entry);
    if (bytes > limits.maxBytes) {
      refused.push({ index, bytes, maxBytes: limits.maxBytes });
      continue;
    }
    if (batch.length > 0 && (batch.length === limits.maxEntries || batchBytes + bytes > limits.maxBytes)) {
      batches.push(batch);
      batch = [];
      batchBytes = 0;
    }
    batch.push({ index, entry });
    batchBytes += bytes;
  }
  if (batch.length > 0) batches.push(batch);
  return { batches, refused };
}
