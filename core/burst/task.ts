import { SQS_BATCH_BYTES } from '../aws-limits.ts';
import { DUE_ATTRIBUTE } from '../consumer-code.ts';
import { type Said, saidOf } from '../spread/estimate.ts';
import { BURST_ATTRIBUTES } from './attributes.ts';
import { MOST_TASKS } from './limits.ts';
import { GENERATION_CHARACTERS } from './place.ts';

/** A task of a burst as it was read, in its place. */
export type ReadTask = ReadPlace & (GoodTask | BadTask);

interface ReadPlace {
  /** From 0. */
  readonly index: number;
  /** Where the next task's line begins, bytes; counted as if they stood in an object where they do not. */
  readonly endByte: number;
}

interface GoodTask {
  readonly kind: 'task';
  readonly body: string;
  /** Of the body and the attributes that come with it: no less than SQS counts. */
  readonly bytes: number;
  readonly said: Said;
}

interface BadTask {
  readonly kind: 'refused';
  readonly code: typeof TOO_LARGE | typeof INVALID_JSON;
}

/** Larger than SQS takes. */
export const TOO_LARGE = 'TooLarge';
/** A line that is no JSON. */
export const INVALID_JSON = 'InvalidJson';

/** The two characters that JSON leaves as they are and SQS takes in no body. */
const NOT_IN_SQS = /[\uFFFE\uFFFF]/g;

/**
 * A task as its message's body: JSON, with nothing in it that SQS refuses.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function taskBody(task: unknown): string {
  return sendable(JSON.stringify(task) ?? 'null');
}

/** `index` from 0. */
export function documentBody(index: number): string {
  return `{"document":${index + 1}}`;
}

function sendable(json: string): string {
  return json.replace(NOT_IN_SQS, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** Most bytes of the attributes that a task of the burst comes with, as SQS counts them. */
export function attributeBytes(burstId: string): number {
  const { burstId: id, index, total } = BURST_ATTRIBUTES;
  const numbers = [index, total].reduce((sum, name) => sum + name.length + NUMBER + MOST_DIGITS, 0);
  return (
    id.length +
    'String'.length +
    burstId.length +
    GENERATION_CHARACTERS +
    numbers +
    DUE_ATTRIBUTE.length +
    NUMBER +
    EPOCH_DIGITS
  );
}

const NUMBER = 'Number'.length;
const MOST_DIGITS = String(MOST_TASKS).length;
/** Of epoch milliseconds, for the next 200 years. */
const EPOCH_DIGITS = 13;

/** Browsers have no Buffer, which counts without writing anything. */
const utf8Bytes =
  typeof Buffer === 'undefined'
    ? (text: string) => new TextEncoder().encode(text).length
    : (text: string) => Buffer.byteLength(text);

/** A body as a task, or too large. */
export function readBody(body: string, said: Said, place: ReadPlace, burstId: string): ReadTask {
  const bytes = utf8Bytes(body) + attributeBytes(burstId);
  return bytes > SQS_BATCH_BYTES
    ? { ...place, kind: 'refused', code: TOO_LARGE }
    : { ...place, kind: 'task', body, bytes, said };
}

/**
 * A line of JSON Lines as a task.
 * @param isCut of one that is far too large, this is only the beginning
 * @returns undefined for a line with nothing in it, which counts as none
 */
export function readLine(
  text: string,
  place: ReadPlace,
  burstId: string,
  isCut = false,
): ReadTask | undefined {
  const json = text.trim();
  if (isCut || json.length > SQS_BATCH_BYTES) return { ...place, kind: 'refused', code: TOO_LARGE };
  if (json === '') return undefined;
  try {
    return readBody(sendable(json), saidOf(JSON.parse(json)), place, burstId);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ...place, kind: 'refused', code: INVALID_JSON };
  }
}
