import { setTimeout as sleep } from 'node:timers/promises';
import type { Desk } from '../../views/desk.ts';
import type { Call } from '../command.ts';
import { CommandFault, EXIT, type ExitCode } from '../exit-codes.ts';
import { counted, number } from '../numbers.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly reason?: string;
  readonly first?: number;
  readonly maxRedrives?: number;
  readonly dryRun?: boolean;
  readonly stop?: boolean;
  readonly status?: boolean;
  readonly watch: boolean;
  readonly json?: boolean;
}

/** What the redrive function answers, as far as it is shown: functions/redrive/report.ts. */
interface Progress {
  readonly state: 'None' | 'Running' | 'Done' | 'Stopped';
  readonly sent: number;
  readonly left: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly message: string;
}

/** The same of a dry run: functions/redrive/dry-run.ts. */
interface DryRun {
  readonly left: number;
  readonly sampled: number;
  readonly matching: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly reasons: readonly { readonly reason: string; readonly letters: number }[];
  readonly perSecond: number;
}

/** How often it is asked how far it is. */
const ASK_MS = 1_000;

/** `sluice redrive <id>`: sends dead letters again, and follows that until it is over. */
export async function run(call: Call<Options>): Promise<ExitCode> {
  const { args, options, terminal } = call;
  const [pipelineId = ''] = args;
  const { reason, first, maxRedrives, dryRun, stop, status } = options;
  if ([dryRun, stop, status].filter(Boolean).length > 1) {
    throw new CommandFault(EXIT.usage, 'give one of --dry-run, --stop and --status');
  }
  const desk = await call.openDesk();
  const wish = {
    ...(reason !== undefined && { reason }),
    ...(first !== undefined && { first }),
    ...(maxRedrives !== undefined && { maxRedrives }),
  };
  if (dryRun) {
    const would = (await desk.redrive(pipelineId, { ...wish, dryRun })) as DryRun;
    printDryRun(pipelineId, would, options.json, terminal);
    return EXIT.well;
  }
  const ask = stop ? { stop } : status ? { status } : wish;
  const begun = (await desk.redrive(pipelineId, ask)) as Progress;
  const over = stop || status || !options.watch ? begun : await follow(call, desk, begun);
  if (options.json) terminal.print(JSON.stringify(over));
  else terminal.print(progressLine(pipelineId, over));
  if (call.signal.aborted) {
    terminal.say(
      `it goes on by itself: sluice redrive ${pipelineId} --status tells how far it is, --stop ends it`,
    );
    return EXIT.interrupted;
  }
  return EXIT.well;
}

/** Until it is over, or Ctrl-C. */
async function follow(
  { args, options, terminal, signal }: Call<Options>,
  desk: Desk,
  begun: Progress,
): Promise<Progress> {
  const [pipelineId = ''] = args;
  let latest = begun;
  let said = '';
  while (latest.state === 'Running' && !signal.aborted) {
    const line = progressLine(pipelineId, latest);
    if (line !== said && !options.json) terminal.say(line);
    said = line;
    await sleep(ASK_MS, undefined, { signal }).catch(() => {});
    if (!signal.aborted) latest = (await desk.redrive(pipelineId, { status: true })) as Progress;
  }
  return latest;
}

function progressLine(pipelineId: string, { state, sent, left, skipped, message }: Progress): string {
  if (state === 'None') return `${pipelineId}: ${message}`;
  const parts = [
    `${counted(sent, 'dead letter')} sent again`,
    `${number(left)} left`,
    ...skippedWords(skipped),
    ...(state === 'Running' ? [] : [state === 'Done' ? 'over' : 'stopped']),
  ];
  return `${pipelineId}: ${parts.join(', ')}: ${message}`;
}

const WHY: Readonly<Record<string, string>> = {
  otherReason: 'of another reason',
  newer: 'newer than this redrive',
  tooOften: 'sent again too often before',
  notSent: 'not taken by SQS',
};

function skippedWords(skipped: Readonly<Record<string, number>>): string[] {
  return Object.entries(skipped)
    .filter(([, letters]) => letters > 0)
    .map(([why, letters]) => `${number(letters)} ${WHY[why] ?? why}`);
}

function printDryRun(pipelineId: string, would: DryRun, json: boolean | undefined, terminal: Terminal): void {
  if (json) {
    terminal.print(JSON.stringify(would));
    return;
  }
  const { left, sampled, matching, skipped, reasons, perSecond } = would;
  const columns = [
    { title: 'LETTERS', align: 'right', of: (one: (typeof reasons)[number]) => number(one.letters) },
    { title: 'REASON', gives: true, of: (one: (typeof reasons)[number]) => one.reason },
  ] as const;
  const { width, paint } = terminal;
  for (const line of renderTable(columns, reasons, { width, paint })) terminal.print(line);
  const looked = sampled < left ? ` of the ${number(sampled)} that were looked at` : '';
  const parts = [
    `${number(matching)}${looked} would be sent again, at most ${number(perSecond, perSecond < 10 ? 1 : 0)} a second`,
    ...skippedWords(skipped),
  ];
  terminal.say(`${pipelineId}: ${counted(left, 'dead letter')}; ${parts.join(', ')}; nothing was sent`);
}
