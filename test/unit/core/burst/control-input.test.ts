import { describe, expect, it } from '@jest/globals';
import { parseBurstRequest } from '../../../../core/burst/control-input.ts';

describe('what people want of a burst', () => {
  it.each([
    [{}, { kind: 'status' }],
    [{ status: true }, { kind: 'status' }],
    [{ cancel: true }, { kind: 'cancel' }],
    [{ pause: true }, { kind: 'pause' }],
    [{ resume: true }, { kind: 'resume' }],
    [{ replan: {} }, { kind: 'replan', goal: undefined }],
    [{ replan: { spread: { maxConcurrency: 4 } } }, { kind: 'replan', goal: { maxConcurrency: 4 } }],
  ])('%j is understood', (given, request) => {
    expect(parseBurstRequest({ burstId: 'b', ...given })).toEqual({ burstId: 'b', ...request });
  });

  it.each<[unknown, RegExp]>([
    [undefined, /input.*at least a burstId/],
    [[], /input/],
    [{}, /burstId/],
    [{ burstId: '' }, /burstId/],
    [{ burstId: 'b', cancel: false }, /cancel must be true/],
    [{ burstId: 'b', cancell: true }, /cancell.*cancel/],
    [{ burstId: 'b', pause: true, cancel: true }, /pause must be left out where cancel is given/],
    [{ burstId: 'b', replan: true }, /replan must be a map with a spread/],
    [{ burstId: 'b', replan: { spred: {} } }, /spred/],
    [{ burstId: 'b', replan: { spread: { maxConcurrency: 0 } } }, /replan\.spread/],
    [{ burstId: 'b', replan: { spread: { minSeconds: 9, maxSeconds: 3 } } }, /replan\.spread/],
  ])('%j is refused, and why', (given, said) => {
    expect(() => parseBurstRequest(given)).toThrow(said);
    expect(() => parseBurstRequest(given)).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
  });

  it('is told with everything that is wrong with it', () => {
    expect(() => parseBurstRequest({ burstId: 1, pause: 1, other: 1 })).toThrow(
      /burstId.*pause|pause.*burstId/,
    );
  });
});
