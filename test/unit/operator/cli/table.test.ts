import { describe, expect, it } from '@jest/globals';
import { type Column, oneLine, renderTable } from '../../../../operator/cli/table.ts';

interface Row {
  readonly id: string;
  readonly tasks: number;
  readonly why: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'TASKS', of: ({ tasks }) => String(tasks), align: 'right' },
  { title: 'WHY', of: ({ why }) => why, gives: true, style: ({ tasks }) => (tasks > 99 ? 'red' : undefined) },
];
const rows = [
  { id: 'a', tasks: 5, why: 'idle' },
  { id: 'long-name', tasks: 123_456, why: 'working at its concurrency limit' },
];

describe('a table', () => {
  it('has columns as wide as their longest text, numbers on the right, and no spaces at line ends', () => {
    expect(renderTable(columns, rows)).toEqual([
      'ID          TASKS  WHY',
      'a               5  idle',
      'long-name  123456  working at its concurrency limit',
    ]);
  });

  it('cuts off what gives, so that no line is longer than the terminal', () => {
    const lines = renderTable(columns, rows, { width: 36 });
    expect(lines[2]).toBe('long-name  123456  working at its c…');
    expect(Math.max(...lines.map((line) => line.length))).toBe(36);
  });

  it('keeps some of it however narrow the terminal is, and all else whole', () => {
    expect(renderTable(columns, rows, { width: 5 })[2]).toBe('long-name  123456  working a…');
  });

  it('paints what is shown, not the room around it', () => {
    const lines = renderTable(columns, rows, { paint: (style, text) => `<${String(style)}:${text}>` });
    expect(lines[0]).toBe('<dim:ID>          <dim:TASKS>  <dim:WHY>');
    expect(lines[2]).toContain('  <red:working at its concurrency limit>');
  });

  it('lets nothing through that a terminal obeys', () => {
    expect(oneLine('a\u001b[2Jb\nc\td\u0000')).toBe('a [2Jb c d ');
  });
});
