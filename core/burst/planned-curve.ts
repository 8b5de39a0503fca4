import { type CurvePoint, predictedCurve } from '../spread/curve.ts';
import type { BurstRecord } from './record.ts';

/**
 * How many tasks of a burst run at which second after the hand-over, as it was planned: by its first plan until it was
 * planned anew, and so on.
 */
export function plannedCurve({ segments }: Pick<BurstRecord, 'segments'>, points?: number): CurvePoint[] {
  const handedOverMs = segments[0]?.startMs ?? 0;
  const secondsOf = (ms: number) => (ms - handedOverMs) / 1000;
  return segments.flatMap(({ startMs, plan }, at) => {
    const untilSeconds = secondsOf(segments[at + 1]?.startMs ?? Number.POSITIVE_INFINITY);
    return predictedCurve(plan, points)
      .map(({ atSeconds, running }) => ({ atSeconds: secondsOf(startMs) + atSeconds, running }))
      .filter(({ atSeconds }) => atSeconds < untilSeconds);
  });
}
