import { describe, expect, it } from '@jest/globals';
import { parseRedrive } from '../../../../core/redrive/input.ts';

const refusal = (input: unknown): string => {
  try {
    return JSON.stringify(parseRedrive(input));
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
};

describe('what a redrive is asked', () => {
  it.each([
    [{ pipelineId: 'a' }, { kind: 'begin', pipelineId: 'a', wish: { maxRedrives: 3 } }],
    [
      { pipelineId: 'a', reason: 'bad*', first: 3, maxRedrives: 9, redriveId: 'mine' },
      {
        kind: 'begin',
        pipelineId: 'a',
        wish: { reason: 'bad*', first: 3, maxRedrives: 9 },
        redriveId: 'mine',
      },
    ],
    [
      { pipelineId: 'a', dryRun: true, reason: 'bad', stop: false },
      { kind: 'dryRun', pipelineId: 'a', wish: { reason: 'bad', maxRedrives: 3 } },
    ],
    [
      { pipelineId: 'a', stop: true },
      { kind: 'stop', pipelineId: 'a' },
    ],
    [
      { pipelineId: 'a', status: true },
      { kind: 'status', pipelineId: 'a' },
    ],
  ])('%j is understood', (input, request) => {
    expect(parseRedrive(input)).toEqual(request);
  });

  it.each([
    [
      'nothing',
      undefined,
      'input must be a map of fields, got nothing — give a map with at least a pipelineId',
    ],
    ['no pipeline', {}, 'pipelineId must be '],
    [
      'none at all of the letters',
      { pipelineId: 'a', first: 0 },
      'first must be an integer of 1 or more, got 0 — leave it out for all',
    ],
    [
      'a number in quotes',
      { pipelineId: 'a', maxRedrives: '5' },
      'maxRedrives must be an integer of 1 or more, got "5" — choose type Number in the console, or drop the quotes',
    ],
    [
      'an empty reason',
      { pipelineId: 'a', reason: '' },
      'reason must be a reason of 1 to 2000 characters, or the beginning of one and *, got "" — a dry run names the reasons that there are; leave it out for all',
    ],
    [
      'an id that is none',
      { pipelineId: 'a', redriveId: 'a b' },
      'redriveId must be 1 to 80 letters, digits, - or _, got "a b" — leave it out, or make one up for each redrive',
    ],
    [
      'a slip in a name',
      { pipelineId: 'a', reasons: 'bad' },
      'reasons is not a known field — did you mean reason?',
    ],
    [
      'two things at once',
      { pipelineId: 'a', stop: true, status: true },
      'status must be left out where stop is true, got true — give stop or status',
    ],
    [
      'a wish that has no say',
      { pipelineId: 'a', status: true, first: 3 },
      'first must be left out where status is true, got 3 — give status or first',
    ],
  ])('(%s) is answered with where, what is allowed, what was given, what to do', (_what, input, message) => {
    expect(refusal(input)).toContain(`InvalidInput: the input is wrong: ${message}`);
  });

  it('is answered with everything that is wrong', () => {
    expect(refusal({ first: -1, stop: 'yes', what: 1 })).toMatch(
      /what is not a known field.*pipelineId must be.*first must be.*stop must be true or false, got "yes"/,
    );
  });
});
