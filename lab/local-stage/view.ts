/** What `npm start` shows, as text. */
import type { Phase } from '../../core/status-record.ts';

/** One pipeline at one moment. A count is undefined where the queue is not there (yet, or any more). */
export interface PipelineRow {
  readonly pipelineId: string;
  readonly phase: Phase | 'New';
  /** As applied; undefined until the pipeline has been Active once. */
  readonly concurrency: number | undefined;
  readonly visible: number | undefined;
  readonly delayed: number | undefined;
  readonly inFlight: number | undefined;
  readonly deadLetters: number | undefined;
  readonly note: string;
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly text: (row: PipelineRow) => string;
}

const columns: readonly Column[] = [
  { title: 'pipeline', width: 26, text: (row) => row.pipelineId },
  { title: 'phase', width: 12, text: (row) => row.phase },
  numbers('limit', (row) => row.concurrency),
  numbers('waiting', (row) => row.visible),
  numbers('delayed', (row) => row.delayed),
  numbers('running', (row) => row.inFlight),
  numbers('dead', (row) => row.deadLetters),
  { title: '  note', width: 40, text: (row) => (row.note === '' ? '' : `  ${row.note}`) },
];

function numbers(title: string, value: (row: PipelineRow) => number | undefined): Column {
  const width = 8;
  return {
    title: title.padStart(width),
    width,
    text: (row) => String(value(row) ?? '-').padStart(width),
  };
}

/** The table, one line a pipeline, no line wider than `widthColumns`. */
export function pipelineTable(rows: readonly PipelineRow[], widthColumns: number): string[] {
  const line = (text: (column: Column) => string) =>
    columns
      .map((column) => text(column).slice(0, column.width).padEnd(column.width))
      .join(' ')
      .trimEnd()
      .slice(0, widthColumns);
  const sorted = [...rows].sort((a, b) => (a.pipelineId < b.pipelineId ? -1 : 1));
  return [line((column) => column.title), ...sorted.map((row) => line((column) => column.text(row)))];
}

/** What to say of a pipeline in a log: nothing, if it says the same as before. */
export function changedRows(
  before: ReadonlyMap<string, string>,
  rows: readonly PipelineRow[],
): { readonly seen: ReadonlyMap<string, string>; readonly lines: readonly string[] } {
  const seen = new Map(rows.map((row) => [row.pipelineId, rowLine(row)]));
  const gone = [...before.keys()].filter((id) => !seen.has(id)).map((id) => `${id}: gone`);
  const changed = [...seen].filter(([id, line]) => before.get(id) !== line).map(([, line]) => line);
  return { seen, lines: [...changed, ...gone] };
}

function rowLine({ pipelineId, phase, visible, delayed, inFlight, deadLetters, note }: PipelineRow): string {
  const depth =
    visible === undefined
      ? ''
      : ` waiting=${visible} delayed=${delayed ?? 0} running=${inFlight ?? 0} dead=${deadLetters ?? 0}`;
  return `${pipelineId}: ${phase}${depth}${note === '' ? '' : ` (${note})`}`;
}
