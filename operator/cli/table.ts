import type { Paint, Style } from './terminal.ts';
import { plain } from './terminal.ts';

/** A column of a table of `Row`s. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** Numbers stand on the right. */
  readonly align?: 'right';
  /** It alone is cut off where a line would be too long. */
  readonly gives?: true;
  readonly style?: (row: Row) => Style | undefined;
}

const BETWEEN = '  ';
/** A column that gives keeps so many characters, however narrow the terminal. */
const LEAST_WIDTH = 10;

/**
 * Rows below each other in columns, with a line of titles.
 * @param width characters of the longest line; undefined: as long as need be
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, paint = plain }: { readonly width?: number | undefined; readonly paint?: Paint } = {},
): readonly string[] {
  const texts = rows.map((row) => columns.map((column) => oneLine(column.of(row))));
  const longest = columns.map(({ title }, at) =>
    texts.reduce((most, row) => Math.max(most, row[at]?.length ?? 0), title.length),
  );
  const widths = width === undefined ? longest : fitted(columns, longest, width);
  const line = (cells: readonly string[], styleOf: (at: number) => Style | undefined) =>
    cells
      .map((text, at) => {
        const cell = cut(text, widths[at] ?? 0);
        const gap = ' '.repeat(Math.max(0, (widths[at] ?? 0) - cell.length));
        const style = styleOf(at);
        const shown = style === undefined ? cell : paint(style, cell);
        return columns[at]?.align === 'right' ? `${gap}${shown}` : `${shown}${gap}`;
      })
      .join(BETWEEN)
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      () => 'dim',
    ),
    ...rows.map((row, at) => line(texts[at] ?? [], (column) => columns[column]?.style?.(row))),
  ];
}

function fitted<Row>(
  columns: readonly Column<Row>[],
  longest: readonly number[],
  width: number,
): readonly number[] {
  const all = longest.reduce((sum, one) => sum + one, BETWEEN.length * (columns.length - 1));
  const over = Math.max(0, all - width);
  return longest.map((one, at) =>
    columns[at]?.gives ? Math.max(Math.min(one, LEAST_WIDTH), one - over) : one,
  );
}

/** What people have written may hold anything: no line end, and nothing that a terminal obeys. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
