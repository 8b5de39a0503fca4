import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isOurs,
  ownerTags,
  PIPELINE_ID_PATTERN,
  pipelineIdOf,
  pipelineNames,
  STAGE_PATTERN,
} from '../../../core/names.ts';

const stage = fc.stringMatching(/^[a-z0-9]{1,10}$/);
const pipelineId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/).filter((id) => !id.endsWith('-dlq'));

describe('names', () => {
  it('are told back from the resource to its pipeline, within what SQS and Lambda allow', () => {
    fc.assert(
      fc.property(stage, pipelineId, (where, id) => {
        const names = pipelineNames(where, id);
        for (const name of Object.values(names)) expect(pipelineIdOf(where, name)).toBe(id);
        expect(names.function.length).toBeLessThanOrEqual(64);
        expect(names.deadLetterQueue.length).toBeLessThanOrEqual(80);
        expect(STAGE_PATTERN.test(where) && PIPELINE_ID_PATTERN.test(id)).toBe(true);
      }),
    );
  });

  it('of two pipelines, of one stage or of two, are never the same', () => {
    fc.assert(
      fc.property(fc.tuple(stage, pipelineId), fc.tuple(stage, pipelineId), ([s1, p1], [s2, p2]) => {
        fc.pre(s1 !== s2 || p1 !== p2);
        const names = (s: string, p: string) => [
          pipelineNames(s, p).queue,
          pipelineNames(s, p).deadLetterQueue,
        ];
        expect(new Set([...names(s1, p1), ...names(s2, p2)]).size).toBe(4);
      }),
    );
  });

  it.each(['sluice-test-reconciler', 'sluice-pipe-tes-a', 'sluice-pipe-test-', 'sluice-pipe-test-a.b', 'a'])(
    'that are not of a pipeline of the stage belong to none: %s',
    (name) => {
      expect(pipelineIdOf('test', name)).toBeUndefined();
    },
  );

  it('make nothing ours: only both tags together do', () => {
    const tags = ownerTags('test', 'a');
    expect(isOurs({ ...tags, more: 'x' }, 'test', 'a')).toBe(true);
    expect(isOurs({}, 'test', 'a')).toBe(false);
    expect(isOurs(tags, 'prod', 'a')).toBe(false);
    expect(isOurs(tags, 'test', 'b')).toBe(false);
  });
});
