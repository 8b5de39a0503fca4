import { describe, expect, it } from '@jest/globals';
import { isGlob, matcherOf } from '../../../../operator/cli/globs.ts';
import { pipelineIdsOf, recordIdsOf } from '../../../../operator/cli/pipeline-ids.ts';
import type { Overview } from '../../../../operator/views/pipelines.ts';

describe('words for ids', () => {
  it.each<[string, readonly string[], string, boolean]>([
    ['an id is itself', ['shop-1'], 'shop-1', true],
    ['and no other', ['shop-1'], 'shop-10', false],
    ['a star is any characters', ['shop-*'], 'shop-10', true],
    ['or none', ['shop*'], 'shop', true],
    ['it may stand anywhere', ['*-1'], 'shop-1', true],
    ['all of the id has to fit', ['*shop'], 'shop-1', false],
    ['a question mark is one character', ['shop-?'], 'shop-1', true],
    ['and not two', ['shop-?'], 'shop-10', false],
    ['upper and lower case differ', ['Shop-*'], 'shop-1', false],
    ['a dot is a dot', ['a.b'], 'axb', false],
    ['brackets are no pattern', ['shop-[12]'], 'shop-1', false],
    ['one of several is enough', ['a', 'b*'], 'bc', true],
    ['without words all fit', [], 'a', true],
  ])('%s', (_, words, id, fits) => {
    expect(matcherOf(words)(id)).toBe(fits);
  });

  it('are patterns only with a star or a question mark', () => {
    expect(['a', 'a-b_c', 'a*', 'a?'].map(isGlob)).toEqual([false, false, true, true]);
  });

  it('stand for pipelines that there are, each once, and not for those that are deleted', async () => {
    const rows = ['a1', 'a2', 'b1'].map((pipelineId) => ({ pipelineId, phase: 'Active' }));
    const overview = async () =>
      ({ rows: [...rows, { pipelineId: 'a3', phase: 'Deleted' }] }) as unknown as Overview;
    expect(await pipelineIdsOf(['a*', 'a1', 'nobody'], { overview })).toEqual(['a1', 'a2', 'nobody']);
    await expect(pipelineIdsOf(['c*'], { overview })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('c*'),
    });
  });

  it('stand for what has a record where that is to be changed', async () => {
    const rows = [
      { pipelineId: 'a1', phase: 'Active' },
      { pipelineId: 'a2', phase: 'Draining', isLeaving: true },
      { pipelineId: 'a3', phase: 'Active', isLeaving: true },
    ];
    const overview = async () => ({ rows }) as unknown as Overview;
    expect(await recordIdsOf(['a*'], { overview })).toEqual({ ids: ['a1'], leaving: ['a2', 'a3'] });
    expect(await recordIdsOf(['a*', 'a2'], { overview })).toEqual({ ids: ['a1', 'a2'], leaving: ['a3'] });
  });

  it('that are plain ids ask nobody', async () => {
    const overview = () => Promise.reject(new Error('asked'));
    expect(await pipelineIdsOf(['a', 'b', 'a'], { overview })).toEqual(['a', 'b']);
  });
});
