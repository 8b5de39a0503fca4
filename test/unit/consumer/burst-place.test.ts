import { describe, expect, it } from '@jest/globals';
import { placeOf } from '../../../consumer/burst.ts';
import { burstRecord, record } from './world.ts';

describe('a task’s place', () => {
  it('is what its message says', () => {
    expect(placeOf(burstRecord('m1', {}, { partsId: 'my burst#mg3k2x1a', index: '7', total: '8' }))).toEqual({
      partsId: 'my burst#mg3k2x1a',
      index: 7,
      total: 8,
    });
  });

  it.each([
    { index: '8', total: '8' },
    { index: '-1' },
    { index: '1.5' },
    { index: '1e1', total: '100' },
    { index: '' },
    { index: ' 1' },
    { total: '' },
    { total: '0', index: '0' },
    { total: '1'.repeat(12) },
    { partsId: '' },
    { partsId: 'b' },
    { partsId: '#1' },
    { partsId: 'b#' },
    { partsId: 'b#1#2' },
    { partsId: 'b#1\n' },
    { partsId: 'é#1' },
    { partsId: `${'x'.repeat(129)}#1` },
  ])('is none where it says something odd: %j', (odd) => {
    expect(placeOf(burstRecord('m1', {}, odd))).toBeUndefined();
  });

  it('is none of a message that says nothing', () => {
    expect(placeOf(record('m1', {}))).toBeUndefined();
  });
});
