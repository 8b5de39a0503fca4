import type { History } from '../history.ts';

/** All calls in Lambda's control-plane bucket together stay under the budget, in every second. */
export function politeNeighbour({ calls, world }: History): readonly string[] {
  const { controlPlanePerSecond } = world.settings;
  const starts = calls
    .filter(({ bucket }) => bucket === 'lambda')
    .map(({ startMs }) => startMs)
    .sort((a, b) => a - b);
  const over = starts.flatMap((startMs, index) => {
    const next = starts[index + controlPlanePerSecond];
    return next !== undefined && next - startMs < 1000
      ? [`${controlPlanePerSecond + 1} calls within ${next - startMs} ms`]
      : [];
  });
  const throttled = calls
    .filter((call) => call.throttled)
    .map(({ operation }) => `${operation} was throttled by AWS`);
  return [...over.slice(0, 1), ...throttled.slice(0, 1)];
}
