import type { BurstProgress } from '../../core/burst/progress.ts';
import { changesBetween } from '../../core/config-record/changes.ts';
import type { PipelineView } from '../views/pipelines.ts';
import { runningIn } from '../views/running.ts';
import { valueText } from './changes-text.ts';
import { remedyLine } from './commands/why.ts';
import { counted, number } from './numbers.ts';
import { oneLine } from './table.ts';
import type { Paint } from './terminal.ts';
import { VERDICT_STYLES } from './verdict-style.ts';
import { endingLine } from './watch/ending.ts';
import { factsLine } from './watch/render.ts';

/** One pipeline for people, line by line: the most important first. */
export function pipelineText(view: Omit<PipelineView, 'standing'>, paint: Paint): readonly string[] {
  const { row, record, status, bursts } = view;
  const { pipelineId, phase, verdict, says, remedy } = row;
  const facts = [...factsOf(view)].map(([name, text]) => `  ${name.padEnd(14)}${oneLine(text)}`);
  return [
    `${paint('bold', pipelineId)}  ${phase}`,
    `  ${paint(VERDICT_STYLES[verdict.kind], oneLine(says))}`,
    ...(remedy === undefined ? [] : [`  ${remedyLine(remedy)}`]),
    '',
    ...facts,
    '',
    record === undefined ? 'its record is deleted' : 'record',
    ...changesBetween(undefined, record).map(({ path, to }) => `  ${oneLine(path)}: ${valueText(to)}`),
    ...(bursts.length === 0 ? [] : ['', 'latest bursts']),
    ...bursts.map((burst) => `  ${burstLine(burst)}`),
    ...(status?.error?.problems?.length ? ['', 'what is wrong with its record'] : []),
    ...(status?.error?.problems ?? []).map(({ path, allowed, given }) =>
      oneLine(`  ${path || 'the record'} must be ${allowed}, got ${given}`),
    ),
  ];
}

function burstLine(burst: BurstProgress): string {
  if (burst.state === 'Ended') return endingLine(burst);
  const { burstId, totals } = burst;
  return `${burstId}: ${counted(totals.done, 'task')} of ${number(totals.total)} done · ${factsLine(burst, Number.POSITIVE_INFINITY)}`;
}

function* factsOf({
  row,
  status,
}: Pick<PipelineView, 'row' | 'status'>): Generator<readonly [string, string]> {
  const { look, concurrency, perSecond, codeKey, codeVersion } = row;
  const running = runningIn(row);
  if (look !== undefined && running !== undefined) {
    const held = look.running > running ? `, ${number(look.running - running)} held back` : '';
    yield [
      'queue',
      `${number(running)} running${held}, ${number(look.waiting)} waiting, ${number(look.delayed)} later`,
    ];
    yield ['dead letters', counted(look.deadLetters, 'dead letter')];
  }
  if (concurrency !== undefined) {
    const rate =
      perSecond === undefined ? '' : `, ${number(perSecond, perSecond < 10 ? 2 : 0)} starts a second`;
    const note = status?.limits;
    const kept = note === undefined || note.method === 'none' ? '' : `, kept by ${note.method}`;
    const price = note && note.usdPerMillion > 0 ? ` at $${note.usdPerMillion} a million tasks` : '';
    yield ['limits', `${number(concurrency)} at once${rate}${kept}${price}`];
  }
  if (codeKey !== undefined)
    yield ['code', `${codeKey}${codeVersion === undefined ? '' : `, version ${codeVersion}`}`];
  if (status?.functionName !== undefined) yield ['function', status.functionName];
  if (status?.queueUrl !== undefined) yield ['queue url', status.queueUrl];
  if (status?.salvage !== undefined) {
    yield ['salvage', `${counted(status.salvage.count, 'task')} in ${status.salvage.uri}`];
  }
  if (status !== undefined) yield ['updated', status.updatedAt];
}
