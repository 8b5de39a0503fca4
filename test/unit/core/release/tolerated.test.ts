import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Counts, Tasks } from '../../../../core/release/record.ts';
import { anySettings } from './arbitraries.ts';
import { anyWalk, anyWave, ENOUGH, seconds, settings, sums, verdictAfter, walked } from './waves.ts';

describe('pipelines in trouble', () => {
  it('never let a wave be healthy where they are more than is tolerated, nor unhealthy where they are fewer and nothing else is amiss', () => {
    fc.assert(
      fc.property(anyWalk, anySettings, seconds, anyWave, (walk, by, at, wave) => {
        const { moved, moving, due, failing, failed } = walk.counts;
        const all = moved + moving + due + failing + failed;
        const most = (of: number) => of * by.toleratedShare + 1e-9;
        const size = Math.max(walk.watched, wave.planned);
        const verdict = verdictAfter(at, walk, by, wave);
        const isTolerated = failed - wave.failedBefore <= most(all) && walk.unhealthy <= most(size);
        if (!isTolerated) expect(verdict.kind).toBe('unhealthy');
        const quiet = { ...walk, before: ENOUGH, after: ENOUGH };
        if (isTolerated) expect(verdictAfter(at, quiet, by, wave).kind).not.toBe('unhealthy');
      }),
      { numRuns: 500 },
    );
  });

  it('are tolerated as a share of those watched', () => {
    const sick = { after: ENOUGH, unhealthy: 1 };
    expect(verdictAfter(300, walked({ moved: 20 }, sick))).toEqual({ kind: 'healthy' });
    expect(verdictAfter(300, walked({ moved: 19 }, sick))).toMatchObject({
      kind: 'unhealthy',
      reason: '1 of 19 pipelines unhealthy, 0 tolerated',
    });
  });

  it('are tolerated by the plan while few of the wave have moved', () => {
    const walk = walked({ moved: 2, due: 38 }, { unhealthy: 2 });
    expect(verdictAfter(0, walk, settings, { planned: 40 })).toMatchObject({ kind: 'wait', state: 'Moving' });
    expect(verdictAfter(0, walk, settings, { planned: 39 })).toMatchObject({
      kind: 'unhealthy',
      reason: '2 of 39 pipelines unhealthy, 1 tolerated',
    });
  });

  it('are tolerated by those that are there, where more came than were planned', () => {
    const walk = walked({ moved: 20 }, { after: ENOUGH, unhealthy: 1 });
    expect(verdictAfter(300, walk, settings, { planned: 5 })).toEqual({ kind: 'healthy' });
  });

  it('are not tolerated for the sake of the waves before', () => {
    const walk = walked({ moved: 100 }, { watched: 10, after: ENOUGH, unhealthy: 1 });
    expect(verdictAfter(300, walk, settings, { planned: 10 })).toMatchObject({
      kind: 'unhealthy',
      reason: '1 of 10 pipelines unhealthy, 0 tolerated',
    });
  });

  it('leave the rest to be judged as ever', () => {
    const among = (of: Partial<Tasks>) => walked({ moved: 20 }, { after: sums(of), unhealthy: 1 });
    expect(verdictAfter(300, among({ tasks: 100, failures: 5 }))).toEqual({ kind: 'healthy' });
    expect(verdictAfter(300, among({ tasks: 100, failures: 6 }))).toMatchObject({
      kind: 'unhealthy',
      reason: 'the wave as a whole is unhealthy',
    });
    expect(verdictAfter(300, among({ tasks: 3 }))).toMatchObject({ kind: 'wait', state: 'Baking' });
    expect(verdictAfter(1200, among({ tasks: 3 }))).toEqual({ kind: 'healthy' });
    expect(verdictAfter(1200, among({ tasks: 3, failures: 1 })).kind).toBe('unhealthy');
  });

  it('that could not be changed are counted', () => {
    const message = 'the code of 2 of 21 pipelines could not be changed, 1 tolerated';
    expect(verdictAfter(0, walked({ moved: 19, failed: 2 }))).toEqual({
      kind: 'unhealthy',
      reason: message,
      evidence: [{ what: 'codeSync', message }],
    });
    expect(verdictAfter(300, walked({ moved: 19, failed: 1 }, { after: ENOUGH }))).toEqual({
      kind: 'healthy',
    });
  });

  it('since before the release came are not its fault', () => {
    const having = (failedBefore: number, counts: Partial<Counts>) =>
      verdictAfter(300, walked(counts, { after: ENOUGH }), settings, { failedBefore });
    expect(having(3, { moved: 7, failed: 3 })).toEqual({ kind: 'healthy' });
    expect(having(3, { moved: 6, failed: 4 })).toMatchObject({
      reason: 'the code of 4 of 10 pipelines could not be changed, 3 tolerated',
    });
    // The tolerated share comes on top.
    expect(having(3, { moved: 16, failed: 4 })).toEqual({ kind: 'healthy' });
    expect(having(3, { moved: 15, failed: 5 }).kind).toBe('unhealthy');
  });

  it('are tolerated to the last one: 0.29 of 100 are 29', () => {
    const by = { ...settings, toleratedShare: 0.29 };
    expect(verdictAfter(300, walked({ moved: 71, failed: 29 }, { after: ENOUGH }), by)).toEqual({
      kind: 'healthy',
    });
    expect(verdictAfter(300, walked({ moved: 70, failed: 30 }, { after: ENOUGH }), by).kind).toBe(
      'unhealthy',
    );
  });
});
