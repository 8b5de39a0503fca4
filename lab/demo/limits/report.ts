import { mark, problemsOf, type Verdict } from '../verdict.ts';
import { goodputShare, judge, refusedShare } from './judge.ts';
import type { BreakerChange, GroupResult, PhaseResult } from './results.ts';

/** One of the two runs. */
export interface RunResult {
  readonly groups: readonly GroupResult[];
  readonly verdicts: readonly Verdict[];
}

/** What `--json` writes. */
export interface LimitsResult {
  readonly sluice: RunResult;
  readonly plain: RunResult;
  /** What is not as promised of Sluice's. */
  readonly problems: readonly string[];
}

export function limitsResult(sluice: readonly GroupResult[], plain: readonly GroupResult[]): LimitsResult {
  const verdicts = judge(sluice);
  return {
    sluice: { groups: sluice, verdicts },
    plain: { groups: plain, verdicts: judge(plain) },
    problems: problemsOf(verdicts),
  };
}

/** The result as people read it. */
export function closingTables({ sluice, plain }: LimitsResult): string {
  const runs = [
    ['sluice', sluice],
    ['plain SQS', plain],
  ] as const;
  return [
    'starts by the tasks’ own stamps, answers by the API’s log; a random 500 uses up a start and is not held against',
    'goodput, which is answers of 200; its share is of what limit and API together had room for',
    '',
    groupRow('', 'group', 'done', 'of', 'twice', 'dead', 'at once', 'took', 'most starts in a window'),
    ...runs.flatMap(([name, { groups }]) =>
      groups.map((one, index) => groupLine(index === 0 ? name : '', one)),
    ),
    '',
    phaseRow('', 'group', 'phase', 'took', 'asked', 'refused', 'goodput', 'share', 'holds', ''),
    ...runs.flatMap(([name, { groups }]) =>
      groups.flatMap((group, index) =>
        group.phases.map((phase, at) =>
          phaseLine(index + at === 0 ? name : '', at === 0 ? group.name : '', phase),
        ),
      ),
    ),
    '',
    ...sluice.groups.flatMap(({ name, breaker }) => breakerLines(name, breaker)),
    '',
    ...verdictLines(sluice.verdicts, plain.verdicts),
  ].join('\n');
}

function groupLine(run: string, one: GroupResult): string {
  const windows = one.windows.map(
    ({ most, tasks, perSeconds, over }) =>
      `${most} of ${tasks} in ${perSeconds} s${over > 0 ? `, ${over} over` : ''}`,
  );
  return groupRow(
    run,
    one.name,
    one.done,
    one.tasks,
    one.twice,
    one.deadLetters,
    `${one.peak} of ${one.concurrency}`,
    seconds(one.seconds),
    windows.join('; ') || 'no rate',
  );
}

function phaseLine(run: string, group: string, phase: PhaseResult): string {
  const { backAfterSeconds } = phase;
  return phaseRow(
    run,
    group,
    phase.name,
    seconds(phase.seconds),
    phase.requests,
    `${(refusedShare([phase]) * 100).toFixed(1)} %`,
    `${(phase.served / phase.seconds).toFixed(1)}/s`,
    phase.attainable === 0 ? '' : goodputShare([phase]).toFixed(2),
    phase.holds,
    backAfterSeconds === undefined ? '' : `back after ${seconds(backAfterSeconds)}`,
  );
}

function breakerLines(group: string, changes: readonly BreakerChange[]): string[] {
  return changes.map(({ atSeconds, state, evidence }) => {
    const why = evidence === undefined ? '' : `: ${evidence.failed} of ${evidence.tasks} tasks failed`;
    return `${seconds(atSeconds).padStart(8)}  breaker of ${group} ${state}${why}`;
  });
}

function verdictLines(sluice: readonly Verdict[], plain: readonly Verdict[]): string[] {
  return sluice.flatMap((verdict, index) => {
    const other = plain[index];
    return [
      `${mark(verdict)} ${verdict.promise}: ${verdict.evidence}`,
      ...(other ? [`         plain SQS: ${other.isSo ? 'so' : 'not so'}, ${other.evidence}`] : []),
    ];
  });
}

type Cell = string | number;

function groupRow(...cells: readonly Cell[]): string {
  return row([10, 9, 6, 6, 7, 6, 10, 9], 2, cells);
}

function phaseRow(...cells: readonly Cell[]): string {
  return row([10, 9, 13, 8, 7, 9, 9, 7, 7], 3, cells);
}

/** The first few cells stand left, those with a width right, and the last as it comes. */
function row(widths: readonly number[], left: number, cells: readonly Cell[]): string {
  return cells
    .map((cell, index) => {
      const width = widths[index];
      if (width === undefined) return cell === '' ? '' : `  ${cell}`;
      return index < left ? String(cell).padEnd(width) : String(cell).padStart(width);
    })
    .join('')
    .trimEnd();
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
