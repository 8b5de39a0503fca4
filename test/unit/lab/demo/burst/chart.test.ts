import { describe, expect, it } from '@jest/globals';
import { burstChart } from '../../../../../lab/demo/burst/chart.ts';
import { resultOf } from '../../../../../lab/demo/burst/results.ts';
import { SEEN } from './worlds.ts';

const runs = {
  'at once': resultOf(SEEN['at once']),
  random: resultOf(SEEN.random),
  planned: resultOf(SEEN.planned),
};
const chart = burstChart(runs);

describe('the picture of bursts', () => {
  it('can be read aloud', () => {
    expect(chart).toContain('role="img" aria-labelledby="title desc"');
    expect(chart).toContain(
      'All at once the peak is 200; with random delays of 10 to 100 s it is 16; planned',
    );
  });

  it('is one whole element, without anything from elsewhere', () => {
    expect(chart.match(/<svg /g)).toHaveLength(1);
    expect(chart.trimEnd().endsWith('</svg>')).toBe(true);
    expect(chart).not.toMatch(/href|url\(|<script/);
    expect(chart).not.toContain('NaN');
  });

  it('has colours for dark pages', () => {
    expect(chart).toContain('@media (prefers-color-scheme: dark)');
  });

  it('draws every curve within its borders', () => {
    const xs = [...chart.matchAll(/[MH]([\d.-]+)/g)].map(([, x]) => Number(x));
    const ys = [...chart.matchAll(/V([\d.-]+)/g)].map(([, y]) => Number(y));
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...xs)).toBeLessThanOrEqual(760);
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(60);
    expect(Math.max(...ys)).toBeLessThanOrEqual(520);
  });

  it('is the same for the same runs', () => {
    expect(burstChart(runs)).toBe(chart);
  });
});
