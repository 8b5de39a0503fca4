import { readFile } from 'node:fs/promises';
import { problemMessage } from '../../../core/problems.ts';
import type { PipelineDesk } from '../../views/desk.ts';
import type { RecordCheck } from '../../views/pipelines.ts';
import { changeLines } from '../changes-text.ts';
import type { Call } from '../command.ts';
import { CommandFault, EXIT, type ExitCode } from '../exit-codes.ts';
import { counted } from '../numbers.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface Put extends RecordCheck {
  readonly pipelineId: string;
  readonly record: unknown;
  readonly isNew: boolean;
}

/** `sluice put <file|->`. Where one record of a list is wrong, none is written. */
export async function run({ args, options, terminal, openDesk }: Call<Options>): Promise<ExitCode> {
  const [file = '-'] = args;
  const records = recordsOf(file === '-' ? await terminal.readAll() : await readText(file), file);
  refuseTwice(records, file);
  const desk = await openDesk();
  const puts: Put[] = [];
  for (const record of records) puts.push(await weigh(record, desk));
  const wrong = puts.filter(({ problems }) => problems.length > 0);
  const isWritten = wrong.length === 0 && !options.dryRun;
  if (isWritten) await write(puts, desk, terminal);
  if (options.json) {
    const answers = puts.map(({ record: _record, standing: _standing, ...put }) => ({ ...put, isWritten }));
    terminal.print(JSON.stringify(answers));
  } else for (const put of puts) tell(put, isWritten, terminal);
  if (wrong.length === 0) return EXIT.well;
  terminal.say(`${counted(wrong.length, 'record')} of ${puts.length} not valid, nothing is written`);
  return EXIT.usage;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandFault(
      EXIT.usage,
      `${file} cannot be read (${(error as Error).message}) — name a file of JSON, or - for standard input`,
    );
  }
}

export function recordsOf(text: string, file: string): readonly unknown[] {
  const name = nameOf(file);
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return [value];
    if (value.length > 0) return value;
  } catch (error) {
    throw new CommandFault(EXIT.usage, `${name} must be JSON: ${(error as Error).message}`);
  }
  throw new CommandFault(EXIT.usage, `${name} must be a config record or a list of them, got an empty list`);
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/** The second one would overwrite the first, and what is shown of it would not be what it changes. */
function refuseTwice(records: readonly unknown[], file: string): void {
  const ids = records.map((record) => (record as { pipelineId?: unknown } | null)?.pipelineId);
  const second = ids.findIndex((id, at) => id !== undefined && ids.indexOf(id) < at);
  if (second < 0) return;
  const id = String(ids[second]);
  throw new CommandFault(
    EXIT.usage,
    `${nameOf(file)} must have one record for each pipelineId, got ${id} as its records ${ids.indexOf(ids[second]) + 1} and ${second + 1}, nothing is written — leave one of them out`,
  );
}

/** Each where there stands what it was checked against. */
async function write(puts: readonly Put[], desk: PipelineDesk, terminal: Terminal): Promise<void> {
  const written: string[] = [];
  try {
    for (const { pipelineId, record, changes, standing } of puts) {
      if (changes.length === 0) continue;
      await desk.put(record, standing);
      written.push(pipelineId);
    }
  } catch (error) {
    if (written.length > 0) terminal.say(`written before: ${written.join(', ')}`);
    throw error;
  }
}

async function weigh(record: unknown, desk: PipelineDesk): Promise<Put> {
  const { problems, changes, standing } = await desk.check(record);
  const pipelineId = String((record as { pipelineId?: unknown } | null)?.pipelineId ?? '(no pipelineId)');
  const isNew = changes.some(({ path, from }) => path === 'pipelineId' && from === undefined);
  return { pipelineId, record, isNew, problems, changes, standing };
}

function tell({ pipelineId, isNew, problems, changes }: Put, isWritten: boolean, terminal: Terminal): void {
  const { paint } = terminal;
  if (problems.length > 0) {
    const lines = problems.map((problem) => paint('red', `  ${problemMessage(problem)}`));
    terminal.print([`${pipelineId}: not valid`, ...lines].join('\n'));
    return;
  }
  if (changes.length === 0) {
    terminal.print(`${pipelineId}: is so already`);
    return;
  }
  const done = isNew ? (isWritten ? 'added' : 'would be added') : isWritten ? 'changed' : 'would be changed';
  terminal.print([`${pipelineId}: ${done}`, ...changeLines(changes, paint)].join('\n'));
}
