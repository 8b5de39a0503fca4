import { describe, expect, it } from '@jest/globals';
import { parseBurst } from '../../../../core/burst/input.ts';
import type { Refused } from '../../../../core/refused.ts';

function refusalOf(raw: unknown): Refused {
  try {
    parseBurst(raw);
  } catch (error) {
    return error as Refused;
  }
  throw new Error('it was taken');
}

describe('what the trigger is given', () => {
  it('takes tasks, a count or a source, with or without a spread and a burst id', () => {
    expect(parseBurst({ pipelineId: 'a', tasks: [1, { x: { y: [[[[[[[1]]]]]]] } }] })).toEqual({
      pipelineId: 'a',
      tasks: { kind: 'listed', tasks: [1, { x: { y: [[[[[[[1]]]]]]] } }] },
    });
    const spread = { minSeconds: 0, maxSeconds: 900 };
    expect(parseBurst({ pipelineId: 'a', count: 3, spread, burstId: 'nightly 21/11' })).toEqual({
      pipelineId: 'a',
      tasks: { kind: 'numbered', count: 3 },
      spread,
      burstId: 'nightly 21/11',
    });
    const source = { bucket: 'uploads', key: 'november/tasks.jsonl' };
    expect(parseBurst({ pipelineId: 'a', source })).toEqual({
      pipelineId: 'a',
      tasks: { kind: 'object', ...source },
    });
    expect(parseBurst({ pipelineId: 'a', count: 10_000_000 }).tasks).toEqual({
      kind: 'numbered',
      count: 10_000_000,
    });
    expect(parseBurst({ pipelineId: 'a', count: 1, spread: { maxConcurrency: 5 } }).spread).toEqual({
      maxConcurrency: 5,
    });
  });

  it.each([
    ['no map', 'x', 'input must be a map of fields'],
    ['no pipelineId', { count: 1 }, 'pipelineId must be'],
    ['a bad pipelineId', { pipelineId: 'a-dlq', count: 1 }, 'drop -dlq'],
    ['neither tasks, count nor source', { pipelineId: 'a' }, 'give one of tasks, count or source'],
    [
      'both tasks and count',
      { pipelineId: 'a', tasks: [1], count: 1 },
      'tasks must be left out where count is given',
    ],
    [
      'both count and source',
      { pipelineId: 'a', count: 1, source: { bucket: 'bucket', key: 'k' } },
      'count must be left out where source is given',
    ],
    ['a count of 0', { pipelineId: 'a', count: 0 }, 'count must be an integer from 1 to 10000000, got 0'],
    ['a count of 10000001', { pipelineId: 'a', count: 10_000_001 }, 'got 10000001'],
    [
      'more tasks than a call carries',
      { pipelineId: 'a', tasks: Array.from({ length: 100_001 }, () => 1) },
      'put them in an object of JSON Lines',
    ],
    ['a count in quotes', { pipelineId: 'a', count: '5' }, 'count must be an integer'],
    ['tasks that are no list', { pipelineId: 'a', tasks: {} }, 'tasks must be a list'],
    [
      'a delay of more than a day',
      { pipelineId: 'a', count: 1, spread: { minSeconds: 0, maxSeconds: 86_401 } },
      'spread.maxSeconds must be an integer from 0 to 86400',
    ],
    [
      'a window that ends before it begins',
      { pipelineId: 'a', count: 1, spread: { minSeconds: 9, maxSeconds: 1 } },
      'spread.maxSeconds must be minSeconds (9) or more',
    ],
    ['an empty burst id', { pipelineId: 'a', count: 1, burstId: '' }, 'burstId must be 1 to 128'],
    ['an unknown field', { pipelineId: 'a', cuont: 1 }, 'did you mean count?'],
    [
      'a source without a key',
      { pipelineId: 'a', source: { bucket: 'bucket' } },
      'source.key must be the key',
    ],
    [
      'a source whose bucket is a url',
      { pipelineId: 'a', source: { bucket: 's3://bucket', key: 'k' } },
      'without s3://',
    ],
    [
      'a source of text',
      { pipelineId: 'a', source: 's3://bucket/key' },
      'source must be a map {bucket, key}',
    ],
    ['a burst id with a #', { pipelineId: 'a', count: 1, burstId: 'a#1' }, 'without #'],
  ])('refuses %s and says what to do', (_what, raw, message) => {
    const refused = refusalOf(raw);
    expect(refused).toMatchObject({ name: 'InvalidInput', code: 'InvalidInput', retryable: false });
    expect(refused.message).toContain(message);
  });

  it('says everything that is wrong at once', () => {
    const { message } = refusalOf({ pipelineId: '', count: -1, spread: { minSeconds: 'x' }, burst: 1 });
    for (const path of ['pipelineId', 'count', 'spread.minSeconds', 'spread.maxSeconds', 'burst is not'])
      expect(message).toContain(path);
  });
});
