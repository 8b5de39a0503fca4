import { describe, expect, it } from '@jest/globals';
import { phaseAt, type Script, spansOf } from '../../../../../../lab/demo/limits/api/script.ts';

const SCRIPT: Script = [
  { name: 'enough', seconds: 10, mood: { kind: 'allows', perSecond: 5 } },
  { name: 'outage', seconds: 20, mood: { kind: 'out', status: 503, says: true } },
  { name: 'enough again', seconds: Number.POSITIVE_INFINITY, mood: { kind: 'allows', perSecond: 5 } },
];

describe('the phase of a moment', () => {
  it.each([
    [0, 'enough', 10_000],
    [9_999, 'enough', 1],
    [10_000, 'outage', 20_000],
    [29_000, 'outage', 1_000],
    [30_000, 'enough again', Number.POSITIVE_INFINITY],
    [1e9, 'enough again', Number.POSITIVE_INFINITY],
  ])('at %d ms is %s', (elapsedMs, name, leftMs) => {
    expect(phaseAt(SCRIPT, elapsedMs)).toMatchObject({ phase: { name }, leftMs });
  });
});

describe('the phases in time', () => {
  it('follow each other, and the last ends with what is measured', () => {
    expect(spansOf(SCRIPT, 42_000).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [0, 10_000],
      [10_000, 30_000],
      [30_000, 42_000],
    ]);
  });

  it('are cut off where it ends earlier, and those after it are empty', () => {
    expect(spansOf(SCRIPT, 15_000).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [0, 10_000],
      [10_000, 15_000],
      [30_000, 30_000],
    ]);
  });
});
