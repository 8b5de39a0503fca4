import type { BurstProgress } from '../../../core/burst/progress.ts';
import type { Desk } from '../../views/desk.ts';
import { ago } from '../ages.ts';
import type { Call } from '../command.ts';
import { CommandFault, EXIT, type ExitCode } from '../exit-codes.ts';
import { counted, number } from '../numbers.ts';
import { type SpreadChoice, spreadOf } from '../spread-options.ts';
import { type Column, renderTable } from '../table.ts';
import { endedWell, endingLine } from '../watch/ending.ts';
import { renderBurst } from '../watch/render.ts';

interface Options extends SpreadChoice {
  readonly of?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const DEEDS = ['pause', 'resume', 'cancel', 'replan'] as const;
type Deed = (typeof DEEDS)[number];

/** `sluice burst [burstId] [deed]`: lists bursts, tells of one, or steers what of it is not sent yet. */
export async function run(call: Call<Options>): Promise<ExitCode> {
  const [burstId, deed] = call.args;
  const desk = await call.openDesk();
  if (burstId === undefined) return list(call, desk);
  if (deed === undefined) return tell(call, await desk.burst(burstId));
  if (!isDeed(deed)) {
    throw new CommandFault(EXIT.usage, `a burst can be told to ${DEEDS.join(', ')}, not "${deed}"`);
  }
  return steer(call, desk, burstId, deed);
}

async function list({ options, terminal }: Call<Options>, desk: Desk): Promise<ExitCode> {
  const bursts = await desk.bursts(options.of);
  if (options.json) terminal.print(JSON.stringify(bursts));
  else if (bursts.length > 0) {
    const { width, paint } = terminal;
    for (const line of renderTable(columns(Date.now()), bursts, { width, paint })) terminal.print(line);
  }
  terminal.say(`${counted(bursts.length, 'burst')}${options.of === undefined ? ' open' : ''}`);
  return EXIT.well;
}

function columns(nowMs: number): readonly Column<BurstProgress>[] {
  return [
    { title: 'BURST', of: ({ burstId }) => burstId },
    { title: 'PIPELINE', of: ({ pipelineId }) => pipelineId },
    { title: 'STATE', of: ({ state, isCancelled }) => (isCancelled ? `${state}, cancelled` : state) },
    { title: 'TASKS', align: 'right', of: ({ totals }) => number(totals.total) },
    { title: 'SENT', align: 'right', of: ({ totals }) => number(totals.sent) },
    { title: 'DONE', align: 'right', of: ({ totals, isCounted }) => (isCounted ? number(totals.done) : '·') },
    {
      title: 'DEAD',
      align: 'right',
      of: ({ totals }) => number(totals.deadLettered),
      style: ({ totals }) => (totals.deadLettered > 0 ? 'red' : undefined),
    },
    { title: 'HANDED OVER', of: ({ startMs }) => ago(startMs, nowMs) },
  ];
}

function tell({ options, terminal }: Call<Options>, progress: BurstProgress): ExitCode {
  const isOver = progress.state === 'Ended';
  if (options.json) {
    terminal.print(JSON.stringify(isOver ? { ...progress, endedWell: endedWell(progress) } : progress));
  } else if (isOver) terminal.print(endingLine(progress));
  else
    terminal.print(
      renderBurst(
        progress,
        terminal.width ?? WIDE,
        terminal.paint !== undefined && isColoured(terminal.paint),
      ),
    );
  return !isOver || endedWell(progress) ? EXIT.well : EXIT.notWell;
}

const WIDE = 100;

function isColoured(paint: (style: 'bold', text: string) => string): boolean {
  return paint('bold', 'x') !== 'x';
}

/** What the burst function answers, as far as it is shown: functions/burst/report.ts. */
interface Status {
  readonly pipelineId: string;
  readonly given: number;
  readonly unsent: number;
  readonly finishAt: string;
  readonly state: string;
  readonly message: string;
}

async function steer(
  { options, terminal }: Call<Options>,
  desk: Desk,
  burstId: string,
  deed: Deed,
): Promise<ExitCode> {
  const goal = spreadOf(options);
  if (goal !== undefined && deed !== 'replan') {
    throw new CommandFault(EXIT.usage, `only replan takes a spread, not ${deed}`);
  }
  if (deed === 'cancel' && !options.yes) {
    const { totals } = await desk.burst(burstId);
    const unsent = counted(Math.max(0, totals.total - totals.sent - totals.refused), 'task');
    const question = `Cancel ${burstId}? ${unsent} that are not sent yet never will be.`;
    if (!(await terminal.confirm(question))) return EXIT.notWell;
  }
  const wish = deed === 'replan' ? { replan: goal === undefined ? {} : { spread: goal } } : { [deed]: true };
  const status = (await desk.steerBurst(burstId, wish)) as Status;
  if (options.json) terminal.print(JSON.stringify(status));
  else terminal.print(statusLine(burstId, status));
  return EXIT.well;
}

function statusLine(
  burstId: string,
  { pipelineId, given, unsent, finishAt, state, message }: Status,
): string {
  const sent = `${number(given - unsent)} of ${counted(given, 'task')} sent`;
  const end = state === 'Sending' ? `, planned to be over at ${finishAt}` : '';
  return `${pipelineId} ${burstId}: ${sent}${end}; ${message}`;
}

function isDeed(word: string): word is Deed {
  return (DEEDS as readonly string[]).includes(word);
}
