import type { Curve, Grid } from './grid.ts';
import { stepAt } from './grid.ts';

/** A value of a metric for the step that begins then. */
export interface MeasuredPoint<Name extends string> {
  readonly name: Name;
  readonly atMs: number;
  readonly value: number;
}

/** Curves of metrics, each by its name; null where nobody has measured. */
export function curvesOfPoints<const Name extends string>(
  names: readonly Name[],
  points: readonly MeasuredPoint<NoInfer<Name>>[],
  grid: Grid,
): Readonly<Record<Name, Curve>> {
  const curves = new Map(names.map((name) => [name, new Array<number | null>(grid.steps).fill(null)]));
  for (const { name, atMs, value } of points) {
    const step = stepAt(grid, atMs);
    const curve = curves.get(name);
    if (step !== undefined && curve !== undefined) curve[step] = value;
  }
  return Object.fromEntries(curves) as unknown as Readonly<Record<Name, Curve>>;
}
