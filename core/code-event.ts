import { isMap } from './config-record/given.ts';

/** An object that was uploaded, as S3 tells it. Only a hint: what is there now is to be looked up. */
export interface Upload {
  readonly key: string;
  /** Absent where whoever tells it does not say; so are the others. */
  readonly bucket?: string;
  /** The version that was uploaded. */
  readonly version?: string;
  /** Hexadecimal; orders the uploads of one key. */
  readonly sequencer?: string;
}

/** An S3 event that cannot be read; delivering it again cannot help. */
export class UnreadableCodeEvent extends Error {
  override readonly name = 'UnreadableCodeEvent';
  readonly code = 'UnreadableCodeEvent';

  constructor(what: string) {
    super(`expected an S3 event in an SNS message, got ${what} — who else publishes to the code topic?`);
  }
}

/**
 * The uploads in one SNS message of S3, each key once: the last one that is not provably older than another.
 *
 * Keys come URL-encoded, with + for a space. Events come late, twice and in any order, so none of this says what
 * is in the bucket now.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * @returns nothing for the `s3:TestEvent` that S3 sends when a notification is set up, and for deletions
 * @throws {UnreadableCodeEvent}
 */
export function uploadsIn(message: string): Upload[] {
  const event = parseJson(message);
  if (!isMap(event)) throw new UnreadableCodeEvent(kindOf(event));
  if (event.Event === 's3:TestEvent') return [];
  if (!Array.isArray(event.Records)) throw new UnreadableCodeEvent('a map without Records');
  const latest = new Map<string, Upload>();
  for (const upload of event.Records.flatMap(uploadOf)) {
    if (!isOlder(upload.sequencer, latest.get(upload.key)?.sequencer)) latest.set(upload.key, upload);
  }
  return [...latest.values()];
}

/**
 * Whether one sequencer is provably older than another of the same key. They may be of different lengths, and
 * S3's manual has said to pad the shorter one on its left and, in other editions, on its right: where the two
 * disagree nothing is proven. Nor is anything by one that is absent, or all zeros as an emulator's is.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function isOlder(sequencer: string | undefined, than: string | undefined): boolean {
  if (!saysSomething(sequencer) || !saysSomething(than)) return false;
  const length = Math.max(sequencer.length, than.length);
  const [one, other] = [sequencer.toUpperCase(), than.toUpperCase()];
  return (
    one.padStart(length, '0') < other.padStart(length, '0') &&
    one.padEnd(length, '0') < other.padEnd(length, '0')
  );
}

function saysSomething(sequencer: string | undefined): sequencer is string {
  return sequencer !== undefined && /^(?=.*[1-9a-f])[0-9a-f]+$/i.test(sequencer);
}

/** `ObjectCreated:Put`, or `s3:ObjectCreated:Put` as some say it. */
const CREATED = /^(s3:)?ObjectCreated:/;

function uploadOf(record: unknown): Upload[] {
  const s3 = isMap(record) ? record.s3 : undefined;
  const object = isMap(s3) ? s3.object : undefined;
  if (!isMap(record) || !isMap(s3) || !isMap(object) || typeof object.key !== 'string') {
    throw new UnreadableCodeEvent('a record without s3.object.key');
  }
  if (!CREATED.test(String(record.eventName))) return [];
  const told = {
    bucket: isMap(s3.bucket) ? s3.bucket.name : undefined,
    version: object.versionId,
    sequencer: object.sequencer,
  };
  const texts = Object.entries(told).filter(([, value]) => typeof value === 'string' && value !== '');
  return [{ key: decodeKey(object.key), ...Object.fromEntries(texts) }];
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    // Not encoded after all: a lone % is no escape.
    return key;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableCodeEvent('no JSON');
  }
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : `a ${value === null ? 'null' : typeof value}`;
}
