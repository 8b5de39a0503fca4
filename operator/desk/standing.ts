import { createHmac, randomBytes } from 'node:crypto';
import { isMap } from '../../core/config-record/given.ts';
import { NO_RECORD } from '../views/desk.ts';

/** Of this process: whoever sees what stands for a record cannot try out by it which values it has. */
const key = randomBytes(32);

/**
 * Stands for a record as it was read, all of its values included and none of them told: equal for equal records, whatever
 * the order of their fields, within this process.
 * @param record as the document client reads it; absent: there is none
 */
export function standingOf(record: Readonly<Record<string, unknown>> | undefined): string {
  if (record === undefined) return NO_RECORD;
  return createHmac('sha256', key).update(JSON.stringify(record, plain)).digest('base64url');
}

/** What JSON has no way to write may stand in a table all the same. */
function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (value instanceof Set) return { set: [...value].map(text).sort() };
  if (ArrayBuffer.isView(value)) {
    return { bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function text(value: unknown): string {
  return JSON.stringify(value, plain) ?? '';
}
