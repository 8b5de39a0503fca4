import type { DeadLetterView, LetterSample } from '../../views/pipelines.ts';
import { ago } from '../ages.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { counted, number } from '../numbers.ts';
import { cut, oneLine, renderTable } from '../table.ts';
import type { Style, Terminal } from '../terminal.ts';

interface Options {
  readonly look?: number;
  readonly samples?: number;
  readonly json?: boolean;
}

const SAMPLES = 5;

/** `sluice dlq <id>`: why there are dead letters, and some of them. */
export async function run({
  args: [pipelineId = ''],
  options,
  terminal,
  openDesk,
}: Call<Options>): Promise<ExitCode> {
  const desk = await openDesk();
  const letters = await desk.deadLetters(pipelineId, options.look);
  if (options.json) {
    terminal.print(JSON.stringify({ pipelineId, ...letters }));
    return EXIT.well;
  }
  terminal.say(summary(pipelineId, letters));
  const reasons = [
    { title: 'LETTERS', align: 'right', of: ({ letters }: Reason) => number(letters) },
    { title: 'REASON', gives: true, of: ({ reason }: Reason) => reason },
  ] as const;
  const { width, paint } = terminal;
  if (letters.reasons.length > 0) {
    for (const line of renderTable(reasons, letters.reasons, { width, paint })) terminal.print(line);
  }
  for (const sample of letters.samples.slice(0, options.samples ?? SAMPLES)) printSample(sample, terminal);
  if (letters.sampled > 0)
    terminal.say(`sluice redrive ${pipelineId} sends them again, --dry-run tells how that would go`);
  return EXIT.well;
}

type Reason = DeadLetterView['reasons'][number];

function summary(pipelineId: string, { total, sampled }: DeadLetterView): string {
  if (total === 0) return `${pipelineId}: no dead letters`;
  if (sampled === 0)
    return `${pipelineId}: ${counted(total, 'dead letter')}, out of sight at the moment: somebody looks at them`;
  return `${pipelineId}: ${counted(total, 'dead letter')}${sampled < total ? `, ${number(sampled)} of them looked at` : ''}`;
}

function printSample(
  { messageId, reason, attempts, error, firstSentAtMs, body }: LetterSample,
  { print, paint, width = Number.POSITIVE_INFINITY }: Terminal,
): void {
  const tried = attempts === 0 ? '' : `, ${counted(attempts, 'attempt')}`;
  // Cut first: what paints is not seen, and must not be cut.
  const line = (style: Style, text: string) => print(`  ${paint(style, cut(oneLine(text), width - 2))}`);
  print('');
  print(paint('bold', oneLine(`${reason}${tried}, first sent ${ago(firstSentAtMs, Date.now())}`)));
  if (error !== undefined) line('red', `${error.name}: ${error.message}`);
  line('reset', body);
  line('dim', messageId);
}
