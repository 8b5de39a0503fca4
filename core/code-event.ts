import { configHash } from './config-hash.ts';
import { isMap } from './config-record/given.ts';

/** An object that was uploaded, as S3 tells it. Only a hint: what is there now is to be looked up. */
export interface Upload {
  readonly key: string;
  /** Absent where whoever tells it does not say. */
  readonly bucket?: string;
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
 * The uploads in one SNS message of S3, each key once.
 *
 * Keys come URL-encoded, with + for a space. The order of events and their `sequencer` are not looked at,
 * and neither is `versionId`, which may be missing: events come late, twice and in any order.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * @returns nothing for the `s3:TestEvent` that S3 sends when a notification is set up, and for deletions
 * @throws {UnreadableCodeEvent}
 */
export function uploadsIn(message: string): Upload[] {
  const event = parseJson(message);
  if (!isMap(event)) throw new UnreadableCodeEvent(kindOf(event));
  if (event.Event === 's3:TestEvent') return [];
  if (!Array.isArray(event.Records)) throw new UnreadableCodeEvent('a map without Records');
  const uploads = event.Records.flatMap(uploadOf);
  return [...new Map(uploads.map((upload) => [upload.key, upload])).values()];
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
  const bucket = isMap(s3.bucket) ? s3.bucket.name : undefined;
  return [{ key: decodeKey(object.key), ...(typeof bucket === 'string' ? { bucket } : {}) }];
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    // Not encoded after all: a lone % is no escape.
    return key;
  }
}

/** The execution that brings a release out: its name follows from the release, so each is brought out once. */
export function rolloutName(release: { readonly key: string; readonly version: string }): string {
  return `release-${configHash([release.key, release.version])}`;
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
