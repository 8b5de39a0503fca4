import { describe, expect, it } from '@jest/globals';
import { problemMessage, problemPath, shorten } from '../../../core/problems.ts';

const problem = { code: 'OutOfRange', allowed: '1 or more', given: '0', hint: 'raise it' } as const;

describe('problemMessage', () => {
  it('reads as one sentence with its advice', () => {
    expect(problemMessage({ ...problem, path: 'a.b' })).toBe('a.b must be 1 or more, got 0 — raise it');
  });

  it('names the record where no field is to blame', () => {
    expect(problemMessage({ ...problem, path: '' })).toBe(
      'the config record must be 1 or more, got 0 — raise it',
    );
  });
});

describe('problemPath', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['rateLimit', 0, 'tasks'], 'rateLimit[0].tasks'],
    [['environment', 'my name'], 'environment["my name"]'],
    [['environment', 'a.b'], 'environment["a.b"]'],
    [[''], '[""]'],
    [['x'.repeat(65)], `["${'x'.repeat(63)}…"]`],
  ])('writes %j as people do', (segments, path) => {
    expect(problemPath(segments)).toBe(path);
  });
});

it('marks where a text was cut', () => {
  expect([shorten('abcd', 4), shorten('abcde', 4)]).toEqual(['abcd', 'abc…']);
});
