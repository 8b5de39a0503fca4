import { expect, it } from '@jest/globals';
import { changesIn, watchGroups } from '../../../../../lab/demo/limits/watch.ts';

const hold = (sinceMs: number, untilMs: number) =>
  ({ sinceMs, untilMs, cause: 'throttled', guesses: 0 }) as const;
const open = (sinceMs: number) =>
  ({ state: 'open', sinceMs, untilMs: sinceMs + 9, opened: 1, evidence: { tasks: 10, failed: 8 } }) as const;
const closed = (sinceMs: number) => ({ state: 'closed', sinceMs, opened: 1 }) as const;

it('notes a hold once, however often it is made longer', () => {
  expect(changesIn({}, { hold: hold(5, 10) })).toEqual([{ kind: 'hold', sinceMs: 5, cause: 'throttled' }]);
  expect(changesIn({ hold: hold(5, 10) }, { hold: hold(5, 20) })).toEqual([]);
  expect(changesIn({ hold: hold(5, 10) }, { hold: hold(11, 20) })).toHaveLength(1);
});

it('notes each change of a breaker, with what it opened for; none at first is a closed one', () => {
  const evidence = { tasks: 10, failed: 8 };
  expect(changesIn({}, { breaker: open(5) })).toEqual([
    { kind: 'breaker', sinceMs: 5, state: 'open', evidence },
  ]);
  expect(changesIn({ breaker: open(5) }, { breaker: open(5) })).toEqual([]);
  expect(changesIn({ breaker: open(5) }, { breaker: closed(9) })).toEqual([
    { kind: 'breaker', sinceMs: 9, state: 'closed' },
  ]);
  expect(changesIn({}, { breaker: closed(9) })).toEqual([]);
});

it('looks at every group until it is stopped, and then says what went wrong', async () => {
  let looks = 0;
  const watch = watchGroups(['a', 'b'], async (id) => {
    looks += 1;
    if (id === 'b') throw new Error('out of reach');
    return { hold: hold(5, 10) };
  });
  await expect(watch.stop()).rejects.toThrow('out of reach');
  expect(looks).toBe(2);
  expect(watch.changes('a')).toHaveLength(1);
  expect(watch.changes('nobody')).toEqual([]);
});
