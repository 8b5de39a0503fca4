import { describe, expect, it } from '@jest/globals';
import { changesBetween, isSame } from '../../../../core/config-record/changes.ts';

type Item = Readonly<Record<string, unknown>>;

describe('what differs between two records', () => {
  it.each<[string, Item | undefined, Item | undefined, unknown]>([
    ['nothing', { a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, []],
    ['a field that comes', { a: 1 }, { a: 1, b: 2 }, [{ path: 'b', to: 2 }]],
    ['a field that goes', { a: 1, b: 2 }, { a: 1 }, [{ path: 'b', from: 2 }]],
    ['a field that changes', { a: 1 }, { a: 2 }, [{ path: 'a', from: 1, to: 2 }]],
    ['false is no absence', { a: false }, { a: true }, [{ path: 'a', from: false, to: true }]],
    [
      'a field in a map',
      { environment: { A: '1', B: '2' } },
      { environment: { A: '1', B: '3' } },
      [{ path: 'environment.B', from: '2', to: '3' }],
    ],
    [
      'a map that comes, field by field',
      {},
      { rateLimit: { tasks: 1, perSeconds: 2 } },
      [
        { path: 'rateLimit.tasks', to: 1 },
        { path: 'rateLimit.perSeconds', to: 2 },
      ],
    ],
    ['an empty map that comes', {}, { breaker: {} }, [{ path: 'breaker', to: {} }]],
    ['an empty map that goes', { breaker: {} }, {}, [{ path: 'breaker', from: {} }]],
    [
      'one of a list of the same length',
      { rateLimit: [{ tasks: 1 }, { tasks: 2 }] },
      { rateLimit: [{ tasks: 1 }, { tasks: 3 }] },
      [{ path: 'rateLimit[1].tasks', from: 2, to: 3 }],
    ],
    ['a list that grows', { a: [1] }, { a: [1, 2] }, [{ path: 'a', from: [1], to: [1, 2] }]],
    ['a map in the place of a list', { a: [1] }, { a: { b: 1 } }, [{ path: 'a', from: [1], to: { b: 1 } }]],
    ['a record that is new', undefined, { pipelineId: 'x' }, [{ path: 'pipelineId', to: 'x' }]],
    ['a record that goes', { pipelineId: 'x' }, undefined, [{ path: 'pipelineId', from: 'x' }]],
  ])('%s', (_, before, after, changes) => {
    expect(changesBetween(before, after)).toEqual(changes);
    expect(isSame(before, after)).toBe((changes as unknown[]).length === 0);
  });
});
