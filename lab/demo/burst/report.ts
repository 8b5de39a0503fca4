import { mark, problemsOf, type Verdict } from '../verdict.ts';
import { judge } from './judge.ts';
import type { RunResult, Way } from './results.ts';
import { CONCURRENCY, IDEAL, TASK_SECONDS, TASKS, WINDOW } from './settings.ts';

/** What `--json` writes. */
export interface BurstDemoResult {
  readonly ideal: number;
  readonly runs: Readonly<Record<Way, RunResult>>;
  readonly verdicts: readonly Verdict[];
  readonly problems: readonly string[];
}

export function burstDemoResult(runs: Readonly<Record<Way, RunResult>>): BurstDemoResult {
  const verdicts = judge(runs);
  return { ideal: IDEAL, runs, verdicts, problems: problemsOf(verdicts) };
}

const WORDS: Readonly<Record<Way, string>> = {
  'at once': 'all at once, by the trigger without a spread',
  random: 'plain SQS, random delays of whole seconds',
  planned: 'planned by the trigger, in phase',
};

/** The result as people read it. */
export function closingTable({ runs, verdicts }: BurstDemoResult): string {
  const { minSeconds, maxSeconds } = WINDOW;
  return [
    `${TASKS} tasks of ${TASK_SECONDS} s; spread over ${minSeconds} to ${maxSeconds} s, the least peak that the work allows is ${IDEAL.toFixed(2)}`,
    `every figure from the tasks’ own stamps; the pipeline runs ${CONCURRENCY} at once at most`,
    '',
    row('', 'done', 'peak', '× ideal', 'finish', 'predicted: peak', 'finish'),
    ...Object.values(runs).map(line),
    '',
    ...verdicts.map((verdict) => `${mark(verdict)} ${verdict.promise}: ${verdict.evidence}`),
  ].join('\n');
}

function line({ way, tasks, peak, finishSeconds, predicted }: RunResult): string {
  return row(
    WORDS[way],
    tasks,
    peak,
    way === 'at once' ? '' : `${(peak / IDEAL).toFixed(2)} ×`,
    `${finishSeconds.toFixed(1)} s`,
    predicted?.peak ?? '',
    predicted ? `${predicted.finishSeconds.toFixed(1)} s` : '',
  );
}

function row(name: string, ...cells: readonly (string | number)[]): string {
  const widths = [6, 6, 9, 10, 17, 10];
  return `${name.padEnd(46)}${cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join('')}`.trimEnd();
}
