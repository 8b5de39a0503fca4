import { describe, expect, it } from '@jest/globals';
import {
  type Answer,
  answerTo,
  type Bucket,
  failsByChance,
  fullBucket,
} from '../../../../../../lab/demo/limits/api/answer.ts';
import type { Mood } from '../../../../../../lab/demo/limits/api/script.ts';

const now = (mood: Mood, leftMs = 60_000) => ({
  phase: { name: 'enough' as const, seconds: 60, mood },
  leftMs,
});
const allows = (perSecond: number) => now({ kind: 'allows', perSecond });
/** A task that does not fail by chance. */
const TASK = Array.from({ length: 100 }, (_, at) => at).find(
  (task) => !failsByChance({ group: 'a', task, turn: 1 }),
) as number;
const asked = (nowMs: number) => ({ group: 'a', task: TASK, turn: 1, nowMs });

/** So many requests at one moment. */
function ask(
  count: number,
  nowMs: number,
  mood: Mood,
  before: Bucket,
): { answers: Answer[]; bucket: Bucket } {
  const answers: Answer[] = [];
  let bucket = before;
  for (let at = 0; at < count; at += 1) {
    const next = answerTo(asked(nowMs), now(mood), bucket);
    answers.push(next.answer);
    bucket = next.bucket;
  }
  return { answers, bucket };
}

const served = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 200).length;

describe('an API that allows so much', () => {
  it('lets one second’s worth through at once, and then what comes in', () => {
    const mood: Mood = { kind: 'allows', perSecond: 5 };
    const first = ask(8, 0, mood, fullBucket(5));
    expect(served(first.answers)).toBe(5);
    const second = ask(8, 400, mood, first.bucket);
    expect(served(second.answers)).toBe(2);
    expect(served(ask(8, 60_000, mood, second.bucket).answers)).toBe(5);
  });

  it('refuses the others with 429 and whole seconds until there is room', () => {
    const empty: Bucket = { tokens: 0, atMs: 0 };
    const refusal = { status: 429, cause: 'throttled' };
    expect(answerTo(asked(0), allows(5), empty).answer).toEqual({ ...refusal, retryAfterSeconds: 1 });
    expect(answerTo(asked(0), allows(0.4), empty).answer).toEqual({ ...refusal, retryAfterSeconds: 3 });
  });

  it('holds no more than it now allows when it comes to allow less', () => {
    expect(served(ask(8, 0, { kind: 'allows', perSecond: 2 }, fullBucket(5)).answers)).toBe(2);
  });

  it('gives what is allowed below one a second a token after all', () => {
    expect(answerTo(asked(2_500), allows(0.4), { tokens: 0, atMs: 0 }).answer.status).toBe(200);
  });
});

describe('an API that is out', () => {
  it.each([
    [
      { kind: 'out', status: 503, says: true },
      { status: 503, cause: 'out', retryAfterSeconds: 13 },
    ],
    [
      { kind: 'out', status: 503, says: false },
      { status: 503, cause: 'out' },
    ],
    [
      { kind: 'out', status: 500, says: false },
      { status: 500, cause: 'out' },
    ],
  ] as const)('with %j answers %j', (mood, answer) => {
    expect(answerTo(asked(0), now(mood, 12_300), fullBucket(5)).answer).toEqual(answer);
  });

  it('lets nothing through when it is back but what comes in from then on, and what it had', () => {
    const mood: Mood = { kind: 'out', status: 503, says: false };
    const during = answerTo(asked(20_000), now(mood), { tokens: 0.5, atMs: 0 });
    expect(during.bucket).toEqual({ tokens: 0.5, atMs: 20_000 });
  });
});

describe('chance', () => {
  it('fails one in twenty, the same ones every time, the next turn of a task anew, and none a third time', () => {
    const tasks = Array.from({ length: 4_000 }, (_, task) => task);
    const failing = tasks.filter((task) => failsByChance({ group: 'a', task, turn: 1 }));
    expect(failing.length / tasks.length).toBeGreaterThan(0.04);
    expect(failing.length / tasks.length).toBeLessThan(0.06);
    expect(tasks.filter((task) => failsByChance({ group: 'a', task, turn: 1 }))).toEqual(failing);
    const again = failing.filter((task) => failsByChance({ group: 'a', task, turn: 2 }));
    expect(again.length / failing.length).toBeLessThan(0.2);
    expect(failing.filter((task) => failsByChance({ group: 'a', task, turn: 3 }))).toEqual([]);
  });

  it('uses up a token', () => {
    const task = Array.from({ length: 1_000 }, (_, at) => at).find((one) =>
      failsByChance({ group: 'a', task: one, turn: 1 }),
    ) as number;
    const { answer, bucket } = answerTo({ ...asked(0), task }, allows(5), fullBucket(5));
    expect(answer).toEqual({ status: 500, cause: 'chance' });
    expect(bucket.tokens).toBe(4);
  });
});
