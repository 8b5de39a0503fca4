import type { Findings, Goal, Row, Table } from './row.ts';

/** What became of a row in this run. */
export type Outcome =
  | { readonly kind: 'measured'; readonly findings: Findings }
  | { readonly kind: 'skipped'; readonly why: string };

/** Where and when figures were measured; says nothing of whose machine it is. */
export interface Circumstances {
  /** ISO 8601 date. */
  readonly date: string;
  readonly machine: string;
}

const BEGIN = /^<!-- row ([a-z]+) -->$/;
const END = '<!-- end -->';

/** One row's section. */
export function section(row: Row, outcome: Outcome, { date, machine }: Circumstances): string {
  const head = [
    `<!-- row ${row.name} -->`,
    `## ${row.title}`,
    row.compared,
    `Measured ${date} with \`npm run bench -- ${row.name}\`: ${machine}.`,
  ];
  const body =
    outcome.kind === 'skipped'
      ? [`Skipped: ${outcome.why}`]
      : [
          ...outcome.findings.tables.map(tableText),
          ...outcome.findings.notes,
          tableText(goalTable(outcome.findings.goals)),
        ];
  return [...head, ...body, END].join('\n\n');
}

/**
 * The whole page. A row that did not run this time keeps the section that it has, with its own date.
 * @param sections those of this run, by row
 * @param before the page as it was
 */
export function page(rows: readonly Row[], sections: ReadonlyMap<string, string>, before: string): string {
  const kept = sectionsOf(before);
  const found = rows.flatMap(({ name }) => sections.get(name) ?? kept.get(name) ?? []);
  return `${[HEAD, ...found].join('\n\n')}\n`;
}

const HEAD = `<!-- Written by npm run bench: do not edit. -->

# Benchmarks

\`npm run bench\` measures all of this anew and rewrites this page; \`npm run bench -- ${'<row>'}…\` only some rows. What is
compared runs in the same run on the same machine, so look at the ratios: the times are those of the machine and, where
the local stage is used, of an emulator, not of AWS.`;

/** The sections of a page, by row. */
export function sectionsOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let name: string | undefined;
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const begun = BEGIN.exec(line)?.[1];
    if (begun !== undefined) {
      name = begun;
      lines = [];
    }
    lines.push(line);
    if (line !== END || name === undefined) continue;
    found.set(name, lines.join('\n'));
    name = undefined;
  }
  return found;
}

/** A table of Markdown. Text is set left, numbers right. */
export function tableText({ columns, lines }: Table): string {
  const isNumber = columns.map((_, at) =>
    lines.every((line) => /^[\d–.,]+( s| ms| µs| KB|×| %)?$|^$/.test(String(line[at] ?? ''))),
  );
  const row = (cells: readonly (string | number)[]) => `| ${cells.map(cellText).join(' | ')} |`;
  const rule = `|${isNumber.map((right) => (right ? '---:' : '---')).join('|')}|`;
  return [row(columns), rule, ...lines.map(row)].join('\n');
}

/** A number with a comma between thousands; a bar would end the cell. */
function cellText(cell: string | number): string {
  return typeof cell === 'number' ? cell.toLocaleString('en-US') : cell.replaceAll('|', '\\|');
}

function goalTable(goals: readonly Goal[]): Table {
  return {
    columns: ['goal', 'measured', ''],
    lines: goals.map(({ goal, measured, met }) => [goal, measured, met ? 'met' : '**not met**']),
  };
}
