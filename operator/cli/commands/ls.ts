import type { Phase } from '../../../core/status-record.ts';
import type { Verdict } from '../../../core/verdict/verdict.ts';
import type { PipelineRow } from '../../views/pipelines.ts';
import { runningIn } from '../../views/running.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isGlob, matcherOf } from '../globs.ts';
import { counted, number } from '../numbers.ts';
import { type Column, renderTable } from '../table.ts';
import { VERDICT_STYLES } from '../verdict-style.ts';

interface Options {
  readonly sort?: SortKey;
  readonly phase?: Phase;
  readonly verdict?: Verdict['kind'];
  readonly look?: boolean;
  readonly json?: boolean;
}

export type SortKey = 'id' | 'phase' | 'verdict' | 'waiting' | 'running' | 'dead';

/** More pipelines than this are looked at only where somebody asks for it: two calls each. */
const MOST_LOOKED_AT = 500;

/** `sluice ls [globs...]`. */
export async function run({ args, options, terminal, openDesk }: Call<Options>): Promise<ExitCode> {
  const desk = await openDesk();
  let unseen = 0;
  const overview = await desk.overview((rows) => {
    const chosen = rows.filter(isListed(args, options));
    const looks = options.look ?? chosen.length <= MOST_LOOKED_AT;
    unseen = looks || options.look === false ? 0 : chosen.length;
    return looks ? chosen.map(({ pipelineId }) => pipelineId) : [];
  });
  const listed = overview.rows.filter(isListed(args, options)).filter(hasVerdict(options.verdict));
  const rows = sorted(listed, options.sort ?? 'id');
  if (options.json) terminal.print(JSON.stringify({ ...overview, rows }));
  else if (rows.length > 0) {
    const { width, paint } = terminal;
    for (const line of renderTable(COLUMNS, rows, { width, paint })) terminal.print(line);
  }
  terminal.say(countLine(rows, overview.rows.filter(({ phase }) => phase !== 'Deleted').length));
  if (unseen > 0) {
    terminal.say(
      `${number(unseen)} are more than ${MOST_LOOKED_AT}, so nobody has looked at their queues: --look does, or name fewer of them`,
    );
  }
  return rows.length === 0 && args.some((word) => !isGlob(word)) ? EXIT.unknown : EXIT.well;
}

/** What is deleted is listed where somebody asks for it. */
function isListed(globs: readonly string[], { phase, verdict }: Options): (row: PipelineRow) => boolean {
  const fits = matcherOf(globs);
  const isShown = (row: PipelineRow) =>
    phase === undefined ? row.phase !== 'Deleted' || verdict === 'deleted' : row.phase === phase;
  return (row) => fits(row.pipelineId) && isShown(row);
}

function hasVerdict(kind: Verdict['kind'] | undefined): (row: PipelineRow) => boolean {
  return ({ verdict }) => kind === undefined || verdict.kind === kind;
}

const NUMBERS = {
  waiting: ({ look }: PipelineRow) => look?.waiting,
  running: runningIn,
  dead: ({ look }: PipelineRow) => look?.deadLetters,
};

/** Texts from A on, numbers from the largest on; then by id. */
export function sorted(rows: readonly PipelineRow[], key: SortKey): readonly PipelineRow[] {
  const byId = (a: PipelineRow, b: PipelineRow) => compare(a.pipelineId, b.pipelineId);
  switch (key) {
    case 'id':
      return rows.toSorted(byId);
    case 'phase':
      return rows.toSorted((a, b) => compare(a.phase, b.phase) || byId(a, b));
    case 'verdict':
      return rows.toSorted((a, b) => compare(a.verdict.kind, b.verdict.kind) || byId(a, b));
    default: {
      const of = (row: PipelineRow) => NUMBERS[key](row) ?? -1;
      return rows.toSorted((a, b) => of(b) - of(a) || byId(a, b));
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const unknown = (value: number | undefined) => (value === undefined ? '·' : number(value));

const COLUMNS: readonly Column<PipelineRow>[] = [
  { title: 'PIPELINE', of: ({ pipelineId }) => pipelineId },
  { title: 'PHASE', of: ({ phase }) => phase },
  {
    title: 'RUNNING',
    align: 'right',
    of: (row) => `${unknown(runningIn(row))}/${unknown(row.concurrency)}`,
  },
  { title: 'WAITING', align: 'right', of: ({ look }) => unknown(look?.waiting) },
  { title: 'LATER', align: 'right', of: ({ look }) => unknown(look?.delayed) },
  {
    title: 'DEAD',
    align: 'right',
    of: ({ look }) => unknown(look?.deadLetters),
    style: ({ look }) => (look && look.deadLetters > 0 ? 'red' : undefined),
  },
  { title: 'WHY', of: ({ says }) => says, gives: true, style: ({ verdict }) => VERDICT_STYLES[verdict.kind] },
];

function countLine(rows: readonly PipelineRow[], all: number): string {
  const sum = (of: (row: PipelineRow) => number | undefined) =>
    rows.reduce((total, row) => total + (of(row) ?? 0), 0);
  const letters = sum(NUMBERS.dead);
  return [
    rows.length === all ? counted(all, 'pipeline') : `${number(rows.length)} of ${counted(all, 'pipeline')}`,
    `${number(sum(NUMBERS.running))} running`,
    `${number(sum(NUMBERS.waiting))} waiting`,
    ...(letters > 0 ? [counted(letters, 'dead letter')] : []),
  ].join(' · ');
}
