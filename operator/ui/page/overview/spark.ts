import type { DepthSample } from '../../wire.ts';

/** How long a sparkline looks back: three minutes, or since the first look, but not less than some seconds. */
const LONGEST_MS = 180_000;
const SHORTEST_MS = 10_000;

/** The line of a sparkline, as the path of an SVG, from left (a while ago) to right (now); empty of nothing. */
export function sparkPath(
  samples: readonly DepthSample[],
  nowMs: number,
  width: number,
  height: number,
): string {
  const sinceMs = nowMs - (samples[0]?.[0] ?? nowMs);
  const spanMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, sinceMs));
  const fromMs = nowMs - spanMs;
  const before = samples.findLast(([atMs]) => atMs < fromMs);
  const recent = samples.filter(([atMs]) => atMs >= fromMs);
  const points: DepthSample[] = before ? [[fromMs, before[1]], ...recent] : recent;
  const last = points.at(-1);
  if (last === undefined) return '';
  const most = Math.max(1, ...points.map(([, depth]) => depth));
  const x = (atMs: number) => round(((atMs - fromMs) / spanMs) * width);
  const y = (depth: number) => round(height - 1 - (depth / most) * (height - 2));
  const line = [...points, [Math.max(nowMs, last[0]), last[1]] as const].map(
    ([atMs, depth]) => `${x(atMs)} ${y(depth)}`,
  );
  return `M${line.join('L')}`;
}

/** How fast the depth changes, tasks a second, of late; undefined of less than some seconds. */
export function trendOf(samples: readonly DepthSample[], nowMs: number): number | undefined {
  const recent = samples.filter(([atMs]) => nowMs - atMs <= TREND_MS);
  const [first, last] = [recent[0], recent.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const seconds = (last[0] - first[0]) / 1000;
  return seconds < LEAST_SECONDS ? undefined : (last[1] - first[1]) / seconds;
}

const TREND_MS = 60_000;
const LEAST_SECONDS = 4;

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
