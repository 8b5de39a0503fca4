import { describe, expect, it } from '@jest/globals';
import { sparkPath, trendOf } from '../../../../../operator/ui/page/overview/spark.ts';
import { rowByKey, windowOf } from '../../../../../operator/ui/page/overview/window.ts';
import { routeOf } from '../../../../../operator/ui/page/state/route.ts';

describe('the rows that are drawn', () => {
  it('are those in sight and a few around them, however long the list', () => {
    expect(windowOf(5_000, 38, 0, 760)).toEqual({ from: 0, to: 28 });
    expect(windowOf(5_000, 38, 38_000, 760)).toEqual({ from: 992, to: 1_028 });
    expect(windowOf(5_000, 38, 1e9, 760)).toEqual({ from: 5_000, to: 5_000 });
    expect(windowOf(3, 38, 0, 760)).toEqual({ from: 0, to: 3 });
  });

  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 23],
    ['Home', 50, 0],
    ['End', 3, 99],
    ['Enter', 3, undefined],
  ])('%s goes from row %d to row %s', (key, at, to) => {
    expect(rowByKey(key, at, 100, 20)).toBe(to);
  });
});

describe('a sparkline', () => {
  it('goes from the first look to now, and from zero to the most', () => {
    const path = sparkPath(
      [
        [0, 0],
        [60_000, 10],
      ],
      120_000,
      100,
      22,
    );
    expect(path).toBe('M0 21L50 1L100 1');
  });
  it('of nothing is nothing', () => {
    expect(sparkPath([], 0, 100, 22)).toBe('');
  });
  it('keeps what was before its left edge as its beginning', () => {
    expect(
      sparkPath(
        [
          [0, 10],
          [200_000, 10],
        ],
        200_000,
        90,
        22,
      ),
    ).toBe('M0 1L90 1L90 1');
  });
});

describe('how fast a depth changes', () => {
  it('is reckoned over the last minute', () => {
    expect(
      trendOf(
        [
          [0, 1_000],
          [50_000, 100],
          [70_000, 60],
        ],
        70_000,
      ),
    ).toBe(-2);
  });
  it('is not known after a look or two', () => {
    expect(trendOf([[0, 10]], 1)).toBeUndefined();
    expect(
      trendOf(
        [
          [0, 10],
          [2_000, 50],
        ],
        2_000,
      ),
    ).toBeUndefined();
  });
});

it.each([
  ['', { screen: 'overview' }],
  ['#/', { screen: 'overview' }],
  ['#token=abc', { screen: 'overview' }],
  ['#/pipelines/shop-1', { screen: 'pipeline', pipelineId: 'shop-1', tab: 'now' }],
  ['#/pipelines/shop-1/dead-letters', { screen: 'pipeline', pipelineId: 'shop-1', tab: 'dead-letters' }],
  ['#/pipelines/shop-1/other', { screen: 'nowhere' }],
  ['#/bursts', { screen: 'bursts' }],
  ['#/bursts/shop-1', { screen: 'bursts', pipelineId: 'shop-1' }],
  ['#/elsewhere', { screen: 'nowhere' }],
])('the address %s', (hash, route) => {
  expect(routeOf(hash)).toEqual(route);
});
