import type { CurvePoint } from '../../../../core/spread/curve.ts';

/** Several curves at the same moments, as a chart wants them. */
export interface OnGrid {
  readonly atSeconds: readonly number[];
  readonly predicted: readonly (number | null)[];
  readonly actual: readonly (number | null)[];
}

const POINTS = 180;

/**
 * @param predicted a line
 * @param actual steps: each value holds until the next; nothing is known before the first and after the last
 */
export function onGrid(predicted: readonly CurvePoint[], actual: readonly CurvePoint[]): OnGrid {
  const untilSeconds = Math.max(predicted.at(-1)?.atSeconds ?? 0, actual.at(-1)?.atSeconds ?? 0);
  const atSeconds = Array.from({ length: POINTS + 1 }, (_one, at) => (untilSeconds * at) / POINTS);
  return {
    atSeconds,
    predicted: atSeconds.map((seconds) => lineAt(predicted, seconds)),
    actual: atSeconds.map((seconds) => stepAt(actual, seconds)),
  };
}

function lineAt(curve: readonly CurvePoint[], seconds: number): number | null {
  const after = curve.findIndex(({ atSeconds }) => atSeconds >= seconds);
  const [right, left] = [curve[after], curve[after - 1]];
  if (right === undefined) return null;
  if (left === undefined || right.atSeconds === left.atSeconds) return right.running;
  const share = (seconds - left.atSeconds) / (right.atSeconds - left.atSeconds);
  return left.running + share * (right.running - left.running);
}

function stepAt(curve: readonly CurvePoint[], seconds: number): number | null {
  const first = curve[0];
  const last = curve.at(-1);
  if (first === undefined || last === undefined || seconds > last.atSeconds) return null;
  return curve.findLast(({ atSeconds }) => atSeconds <= seconds)?.running ?? 0;
}
