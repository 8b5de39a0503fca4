import { describe, expect, it } from '@jest/globals';
import { burstFingerprint } from '../../../../core/burst/fingerprint.ts';
import { createMeasure } from '../../../../core/burst/measure.ts';
import { notedNumbers, readNoted } from '../../../../core/burst/noted.ts';
import type { BurstRecord } from '../../../../core/burst/record.ts';
import { burstResult } from '../../../../core/burst/result.ts';
import type { ReadTask } from '../../../../core/burst/task.ts';
import { createEstimator } from '../../../../core/spread/estimate.ts';

const good = (index: number, estimatedSeconds: number): ReadTask => ({
  index,
  endByte: 0,
  kind: 'task',
  body: '1',
  bytes: 100,
  said: { estimatedSeconds },
});
const bad = (index: number): ReadTask => ({ index, endByte: 0, kind: 'refused', code: 'TooLarge' });

describe('measuring a burst', () => {
  it('counts tasks and refusals, and estimates by those that can be sent', () => {
    const measure = createMeasure(createEstimator(undefined, 900));
    for (const task of [good(0, 2), bad(1), good(2, 4), bad(3)]) measure.add(task);
    expect(measure.measured()).toMatchObject({
      total: 4,
      refused: 2,
      refusals: [
        { index: 1, code: 'TooLarge' },
        { index: 3, code: 'TooLarge' },
      ],
      estimate: { source: 'tasks', meanSeconds: 3, longestSeconds: 4 },
      durationsSeconds: Float64Array.from([2, 4]),
    });
  });

  it('names no more refusals and keeps no more durations than fit, and counts all', () => {
    const measure = createMeasure(createEstimator(undefined, 900));
    for (let index = 0; index < 250_000; index += 1)
      measure.add(index % 10 === 0 ? bad(index) : good(index, 1));
    const measured = measure.measured();
    expect([measured.total, measured.refused, measured.refusals.length]).toEqual([250_000, 25_000, 10_000]);
    expect(measured.durationsSeconds).toBeUndefined();
    expect(measured.estimate.meanSeconds).toBeCloseTo(1, 6);
  });
});

describe("a burst's fingerprint", () => {
  const prints = [
    burstFingerprint({ kind: 'listed', tasks: [1, 2] }),
    burstFingerprint({ kind: 'listed', tasks: [2, 1] }),
    burstFingerprint({ kind: 'listed', tasks: ['1', 2] }),
    burstFingerprint({ kind: 'listed', tasks: [] }),
    burstFingerprint({ kind: 'numbered', count: 1 }),
    burstFingerprint({ kind: 'numbered', count: 12 }),
    burstFingerprint({ kind: 'object', bucket: 'b', key: 'k' }, 'e'),
    burstFingerprint({ kind: 'object', bucket: 'b', key: 'k' }, 'f'),
    burstFingerprint({ kind: 'object', bucket: 'bk', key: '' }, 'e'),
  ];

  it('is another one for other tasks, and the same for the same', () => {
    expect(new Set(prints).size).toBe(prints.length);
    expect(burstFingerprint({ kind: 'listed', tasks: [1, 2] })).toBe(prints[0]);
  });
});

describe('what is noted of a round', () => {
  it('says calls and refused tasks in one set of numbers', () => {
    const numbers = [...notedNumbers(0, [], 5_000), ...notedNumbers(7, [5_000, 5_003], 5_000)];
    expect(numbers).toEqual([0, 7, -1, -4]);
    expect(readNoted(numbers, 5_000)).toEqual({ calls: new Set([0, 7]), refused: [5_000, 5_003] });
  });
});

describe("a burst's answer", () => {
  it('names each refused task once, in order, and no more than an answer of Lambda holds', () => {
    const record = {
      state: 'Sent',
      given: 20_000,
      segments: [{ plan: { estimate: {}, predicted: { finishRange: {} } } }],
    } as unknown as BurstRecord;
    const refusals = Array.from({ length: 20_000 }, (_, at) => ({ index: 19_999 - (at >> 1), code: 'X' }));
    const result = burstResult(record, { accepted: 10_000, notAccepted: 10_000, refusals });
    expect(result.failed).toHaveLength(10_000);
    expect(result.failed[0]).toEqual({ index: 10_000, code: 'X' });
    expect(result.failed.at(-1)).toEqual({ index: 19_999, code: 'X' });
  });
});
