import { createHash } from 'node:crypto';
import type { Mood, Now } from './script.ts';

/** Why a request was answered as it was. */
export type Cause =
  | 'served'
  /** The bucket is empty. */
  | 'throttled'
  | 'out'
  /** One in twenty. */
  | 'chance';

export interface Answer {
  readonly status: 200 | 429 | 500 | 503;
  readonly cause: Cause;
  readonly retryAfterSeconds?: number;
}

/** What is left for a group, at a moment. Milliseconds since its first request. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export interface Asked {
  readonly group: string;
  readonly task: number;
  /** How many requests of this task were neither throttled nor came in an outage, this one included. */
  readonly turn: number;
  readonly nowMs: number;
}

const FAILING_SHARE = 0.05;
/** A dead letter is then never chance’s doing: a task has five attempts. */
const MOST_FAILING_TURNS = 2;

/** Whether a request fails for no reason: the same in every run. */
export function failsByChance({ group, task, turn }: Pick<Asked, 'group' | 'task' | 'turn'>): boolean {
  if (turn > MOST_FAILING_TURNS) return false;
  const digest = createHash('sha256').update(`${group} ${task} ${turn}`).digest();
  return digest.readUInt32BE() / 2 ** 32 < FAILING_SHARE;
}

/** A request that fails by chance has used up its token, as real ones do. */
export function answerTo(
  asked: Asked,
  { phase, leftMs }: Now,
  before: Bucket,
): { readonly answer: Answer; readonly bucket: Bucket } {
  const { mood } = phase;
  const bucket = refilled(before, mood, asked.nowMs);
  if (mood.kind === 'out') {
    const retryAfter = mood.says ? { retryAfterSeconds: wholeSeconds(leftMs) } : {};
    return { answer: { status: mood.status, cause: 'out', ...retryAfter }, bucket };
  }
  if (bucket.tokens < 1) {
    const retryAfterSeconds = wholeSeconds(((1 - bucket.tokens) / mood.perSecond) * 1000);
    return { answer: { status: 429, cause: 'throttled', retryAfterSeconds }, bucket };
  }
  const answer: Answer = failsByChance(asked)
    ? { status: 500, cause: 'chance' }
    : { status: 200, cause: 'served' };
  return { answer, bucket: { ...bucket, tokens: bucket.tokens - 1 } };
}

export function fullBucket(perSecond: number): Bucket {
  return { tokens: perSecond, atMs: 0 };
}

/** A bucket that allows less from now on holds less at once. Nothing comes in while the API is out. */
function refilled({ tokens, atMs }: Bucket, mood: Mood, nowMs: number): Bucket {
  const perSecond = mood.kind === 'allows' ? mood.perSecond : 0;
  const more = (perSecond * Math.max(0, nowMs - atMs)) / 1000;
  return { tokens: Math.min(Math.max(perSecond, 1), tokens + more), atMs: nowMs };
}

/** Retry-After knows no other: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
