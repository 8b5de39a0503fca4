import { expect, it } from '@jest/globals';
import { burstTaskOf } from '../../../../core/burst/letter.ts';
import {
  burstIdOf,
  burstOfEnd,
  endKey,
  GENERATION_CHARACTERS,
  partsIdOf,
  sentKey,
  shardKey,
} from '../../../../core/burst/place.ts';

const text = (value: string) => ({ type: 'String', value });

it('a message says which task of which burst it is', () => {
  const attributes = {
    'sluice-burst': text('b#1'),
    'sluice-index': { type: 'Number', value: '7' },
    other: text('x'),
  };
  expect(burstTaskOf(attributes)).toEqual({ partsId: 'b#1', index: 7 });
});

it.each([
  ['nothing', {}],
  ['no index', { 'sluice-burst': text('b#1') }],
  ['no burst', { 'sluice-index': text('1') }],
  ['an index that is none', { 'sluice-burst': text('b#1'), 'sluice-index': text('-1') }],
  ['no hand-over', { 'sluice-burst': text('b'), 'sluice-index': text('1') }],
  ['an index of words', { 'sluice-burst': text('b#1'), 'sluice-index': text('one') }],
])('a message that says %s of a burst is of none', (_what, attributes) => {
  expect(burstTaskOf(attributes)).toBeUndefined();
});

it('the item of an end says whose it is, whatever the burst is called', () => {
  for (const burstId of ['b', 'a b', 'end']) {
    const partsId = partsIdOf({ burstId, createdAtMs: 1_800_000_000_000.5 });
    expect(burstOfEnd(endKey(partsId))).toBe(partsId);
    expect(burstIdOf(partsId)).toBe(burstId);
  }
  for (const key of ['b', 'b#end', sentKey('b#1'), shardKey('b#1', 1)])
    expect(burstOfEnd(key)).toBeUndefined();
});

it('bursts of one id have parts of their own, whose ids are short', () => {
  const [first, second] = [1_800_000_000_000, 1_800_000_000_001].map((createdAtMs) =>
    partsIdOf({ burstId: 'b', createdAtMs }),
  );
  expect(first).not.toBe(second);
  expect(first?.length).toBeLessThanOrEqual('b'.length + GENERATION_CHARACTERS);
  expect(partsIdOf({ burstId: 'b', createdAtMs: Date.UTC(5188, 0) })).toHaveLength(1 + GENERATION_CHARACTERS);
});
