import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useSignalValue } from '../state/signal-value.ts';
import { isDark } from '../state/theme.ts';
import { duration } from './format.ts';

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** A CSS variable of the page: `--accent`. */
  readonly colour: string;
  readonly isDashed?: boolean;
  readonly isFilled?: boolean;
}

interface ChartProps {
  /** For those who do not see it. */
  readonly label: string;
  /** Seconds: since 1970 where `isTime`. */
  readonly at: readonly number[];
  readonly isTime: boolean;
  readonly lines: readonly Line[];
  readonly height?: number;
  /** Charts of one group show the same moment under the pointer. */
  readonly group?: string;
  format(value: number): string;
}

/** Curves over time. */
export function Chart({ label, at, isTime, lines, height = 150, group, format }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const dark = useSignalValue(isDark);
  const shape = `${dark} ${isTime} ${lines.map((line) => line.label + line.colour).join()}`;
  const data = [[...at], ...lines.map((line) => [...line.values])] as uPlot.AlignedData;
  useEffect(() => {
    const target = place.current;
    if (target === null) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: colour('--muted'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const made = new uPlot(
      {
        width: Math.max(120, target.clientWidth),
        height,
        padding: [8, 18, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { size: 6 }, ...(group && { sync: { key: group } }) },
        scales: { x: { time: isTime }, y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 26,
            ...(isTime ? { values: times } : { values: spans, incrs: SPANS, space: 64 }),
          },
          { ...axis, size: 48, values: (_plot, splits) => splits.map(format) },
        ],
        series: [
          {},
          ...lines.map((line) => ({
            label: line.label,
            stroke: colour(line.colour),
            width: 1.5,
            points: { show: true, size: 4, fill: colour(line.colour), filter: alone },
            spanGaps: false,
            ...(line.isDashed && { dash: [4, 4] }),
            ...(line.isFilled && { fill: `${colour(line.colour)}22` }),
          })),
        ],
      },
      data,
      target,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: Math.max(120, target.clientWidth), height }),
    );
    observer.observe(target);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [shape, height, group]);

  useEffect(() => plot.current?.setData(data));
  return <div ref={place} class="chart" role="img" aria-label={label} />;
}

/** Points without neighbours: no line goes through them. */
function alone(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const isThere = (at: number) => values[at] !== null && values[at] !== undefined;
  return [...values.keys()].filter((at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1));
}

/** Seconds between two marks. */
const SPANS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400];

function spans(_plot: uPlot, splits: number[]): string[] {
  return splits.map(duration);
}

/** On a 24 hour clock. */
function times(_plot: uPlot, splits: number[]): string[] {
  return splits.map((at) =>
    new Date(at * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
  );
}
