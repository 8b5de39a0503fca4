import { createHash } from 'node:crypto';
import type { TaskLine, TaskObjects } from '../../../aws/ports.ts';
import { createLineSplitter } from '../../../core/burst/lines.ts';
import { ownObjectKey, SOURCE_CHANGED } from '../../../core/burst/source.ts';
import { refused } from './failures.ts';
import type { Sync } from './sync.ts';

type Source = Parameters<TaskObjects['lines']>[0];

/** Bytes of an object, made as they are read: one of a million lines need not be in memory. */
export interface Content {
  readonly etag: string;
  readonly bytes: number;
  /** From a byte on, at most so many. */
  read(fromByte: number, most: number): Uint8Array;
}

/** What one call gives back. */
const PIECE_BYTES = 256 * 1024;

/** Buckets of JSON Lines, without versions. */
export class SimulatedTaskObjects implements Sync<Omit<TaskObjects, 'lines'>> {
  readonly #ownBucket: string;
  readonly objects = new Map<string, Content>();

  constructor(ownBucket: string) {
    this.#ownBucket = ownBucket;
  }

  /** Somebody uploads an object. */
  put(bucket: string, key: string, content: string | Content): void {
    this.objects.set(nameOf(bucket, key), typeof content === 'string' ? contentOf(content) : content);
  }

  find(bucket: string, key: string): Awaited<ReturnType<TaskObjects['find']>> {
    const content = this.objects.get(nameOf(bucket, key));
    return content === undefined ? undefined : { etag: content.etag, bytes: content.bytes };
  }

  keep(burstId: string, lines: readonly string[]): Source {
    const content = contentOf(lines.map((line) => `${line}\n`).join(''));
    const key = ownObjectKey(burstId, content.etag);
    this.objects.set(nameOf(this.#ownBucket, key), content);
    return { kind: 'object', bucket: this.#ownBucket, key, etag: content.etag, isOwn: true };
  }

  remove({ bucket, key }: Source): void {
    this.objects.delete(nameOf(bucket, key));
  }

  /** One call. */
  piece({ bucket, key, etag }: Source, fromByte: number): Uint8Array {
    const content = this.objects.get(nameOf(bucket, key));
    if (content?.etag !== etag) throw refused('s3:GetObject', SOURCE_CHANGED, `s3://${bucket}/${key}`);
    return content.read(fromByte, PIECE_BYTES);
  }
}

/** @param piece one call that reads from a byte on; nothing at the end */
export async function* linesOf(
  piece: (fromByte: number) => Promise<Uint8Array>,
  fromByte: number,
): AsyncGenerator<TaskLine, void> {
  const splitter = createLineSplitter(fromByte);
  let at = fromByte;
  for (;;) {
    const bytes = await piece(at);
    if (bytes.length === 0) break;
    yield* splitter.lines(bytes);
    at += bytes.length;
  }
  yield* splitter.end();
}

function contentOf(text: string): Content {
  const bytes = Buffer.from(text);
  return {
    etag: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    read: (fromByte, most) => bytes.subarray(fromByte, fromByte + most),
  };
}

function nameOf(bucket: string, key: string): string {
  return `${bucket}\n${key}`;
}
