import { describe, expect, it } from '@jest/globals';
import { onAnEnvelope } from '../../../../../lab/bench/predictions/envelope.ts';
import { relativeError, summarize } from '../../../../../lab/bench/predictions/errors.ts';
import { estimateBy, KNOWLEDGE, type Knowledge } from '../../../../../lab/bench/predictions/knowledge.ts';
import { type Trial, tryScene } from '../../../../../lab/bench/predictions/trial.ts';
import { Chance } from '../../../../../lab/simulator/chance.ts';
import { constantDurations } from '../../../../../lab/simulator/spread/durations.ts';

const SLOTS = { concurrency: 10, rateLimits: [], backlog: 0 };
const knowledgeOf = (name: string) => KNOWLEDGE.find((one) => one.name.startsWith(name)) as Knowledge;

describe('the back of an envelope', () => {
  it.each([
    ['slots', SLOTS, undefined, 180, 10],
    ['a window', SLOTS, { minSeconds: 10, maxSeconds: 360 }, 360, 5],
    ['slots, within a window that is too short', SLOTS, { minSeconds: 0, maxSeconds: 100 }, 180, 10],
    ['a peak', SLOTS, { maxConcurrency: 6 }, 300, 6],
    ['a deadline', SLOTS, { finishWithinSeconds: 300 }, 300, 6],
    ['a rate', { ...SLOTS, rateLimits: [{ tasks: 20, perSeconds: 10 }] }, undefined, 300, 6],
  ])('is bound by %s', (_, bounds, goal, finishSeconds, peak) => {
    expect(onAnEnvelope(600, 3, bounds, goal)).toEqual({ finishSeconds, peak });
  });
});

describe('the errors of predictions', () => {
  const trial = (said: number, truth: number, peak = 10): Trial => ({
    predicted: { finishSeconds: said, peak },
    fromSeconds: said - 10,
    toSeconds: said + 10,
    envelope: { finishSeconds: 2 * truth, peak: 5 },
    truth: { finishSeconds: truth, peak: 10 },
  });

  it('are shares of the truth, too much or too little alike', () => {
    expect([relativeError(90, 100), relativeError(110, 100), relativeError(100, 100)]).toEqual([0.1, 0.1, 0]);
  });

  it('come with how often the truth is in the range, at its ends as well, and the peak no higher', () => {
    const found = summarize([trial(100, 100), trial(90, 100), trial(120, 100, 9), trial(100, 80, 12)]);
    expect(found.inRange).toBe(0.5);
    expect(found.notAbove).toBe(0.75);
    expect(found.finish).toEqual({ median: expect.closeTo(0.15, 9), worst: expect.closeTo(0.25, 9) });
    expect(found.peak).toEqual({ median: expect.closeTo(0.05, 9), worst: expect.closeTo(0.2, 9) });
    expect(found.rangeLength).toBeCloseTo(0.2, 9);
    expect(found.envelope).toEqual({ finish: { median: 1, worst: 1 }, peak: { median: 0.5, worst: 0.5 } });
  });
});

describe('what is known beforehand', () => {
  const took = Array.from({ length: 500 }, () => 3);
  it.each([
    ['each says what', 'tasks', 3],
    ['each says so, up to', 'tasks', 3],
    ['bytes', 'bytes', 3],
    ['mean and p95', 'measured', 3],
    ['nothing: taken for 1 s, take 2 s', 'default', 1],
  ])('%s…: the estimate is of %s, about %d s', (name, source, meanSeconds) => {
    const { estimate } = estimateBy(knowledgeOf(name), took, constantDurations(3), new Chance(1));
    expect(estimate.source).toBe(source);
    expect(Math.abs(estimate.meanSeconds / meanSeconds - 1)).toBeLessThan(0.05);
  });
});

describe('a trial', () => {
  const scene = {
    ...{ count: 200, goal: undefined, knowledge: knowledgeOf('each says what') },
    durations: constantDurations(3),
  };

  it('has the slots busy to the end, and waits for what was there before', () => {
    const alone = tryScene({ ...scene, bounds: SLOTS }, 1);
    expect(alone.truth.peak).toBe(10);
    expect(alone.truth.finishSeconds).toBeGreaterThan(60);
    expect(alone.truth.finishSeconds).toBeLessThan(63);
    const behind = tryScene({ ...scene, bounds: { ...SLOTS, backlog: 100 } }, 1);
    expect(behind.truth.finishSeconds - alone.truth.finishSeconds).toBeGreaterThan(27);
  });

  it('keeps the rate limit', () => {
    const rateLimits = [{ tasks: 20, perSeconds: 10 }];
    const { truth } = tryScene({ ...scene, bounds: { ...SLOTS, concurrency: 50, rateLimits } }, 1);
    expect(truth.finishSeconds).toBeGreaterThan(100);
    expect(truth.finishSeconds).toBeLessThan(107);
  });

  it('is the same for the same seed', () => {
    const one = { ...scene, bounds: SLOTS };
    expect(tryScene(one, 7)).toEqual(tryScene(one, 7));
  });
});
