import { expect, it } from '@jest/globals';
import { burstTaskOf } from '../../../../core/burst/letter.ts';
import { burstOfEnd, endKey, sentKey, shardKey } from '../../../../core/burst/place.ts';

const text = (value: string) => ({ type: 'String', value });

it('a message says which task of which burst it is', () => {
  const attributes = {
    'sluice-burst': text('b'),
    'sluice-index': { type: 'Number', value: '7' },
    other: text('x'),
  };
  expect(burstTaskOf(attributes)).toEqual({ burstId: 'b', index: 7 });
});

it.each([
  ['nothing', {}],
  ['no index', { 'sluice-burst': text('b') }],
  ['no burst', { 'sluice-index': text('1') }],
  ['an index that is none', { 'sluice-burst': text('b'), 'sluice-index': text('-1') }],
  ['an index of words', { 'sluice-burst': text('b'), 'sluice-index': text('one') }],
])('a message that says %s of a burst is of none', (_what, attributes) => {
  expect(burstTaskOf(attributes)).toBeUndefined();
});

it('the item of an end says whose it is, whatever the burst is called', () => {
  for (const burstId of ['b', 'a#b', '#end']) expect(burstOfEnd(endKey(burstId))).toBe(burstId);
  expect([burstOfEnd('b'), burstOfEnd(sentKey('b')), burstOfEnd(shardKey('b', 1))]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
