import type { DeletionResult, EditResult } from './live-changes.ts';
import { allowedSeconds } from './measure.ts';
import { GROUPS } from './sequence.ts';
import type { LaneResult } from './two-lanes.ts';

export interface DemoResult {
  readonly rounds: number;
  readonly shared: LaneResult;
  readonly split: LaneResult;
  readonly edit: EditResult;
  readonly deletion: DeletionResult;
}

/** What the demo promises and did not see. */
export function problemsOf({ split, edit, deletion }: DemoResult): string[] {
  const problems: string[] = [];
  for (const group of GROUPS) {
    const measured = split.groups[group];
    if (measured.violations > 0) problems.push(`${group} ran above its limit ${measured.violations} times`);
    const allowed = allowedSeconds(measured, measured.idealSeconds);
    if (measured.finishSeconds > allowed) {
      problems.push(`${group} took ${seconds(measured.finishSeconds)}, more than ${seconds(allowed)}`);
    }
  }
  if (edit.done !== edit.tasks) problems.push(`A lost ${edit.tasks - edit.done} tasks in its edit`);
  if (edit.peakBefore > edit.limitBefore) problems.push(`A ran ${edit.peakBefore} at once before its edit`);
  if (edit.peakAfter !== edit.limitAfter) problems.push(`A ran ${edit.peakAfter} at once after its edit`);
  if (deletion.done + deletion.salvaged !== deletion.tasks) {
    problems.push(`B lost ${deletion.tasks - deletion.done - deletion.salvaged} tasks in its deletion`);
  }
  if (!deletion.phases.includes('Draining')) problems.push('B was never seen draining');
  return problems;
}

const SPLIT = 'pipelines';

/** The result as people read it. */
export function comparisonTable({ rounds, shared, split, edit, deletion }: DemoResult): string {
  const head = row('', 'group', 'tasks', 'limit', 'peak', 'violations', 'finish', 'ideal', 'hand-over');
  const lane = (name: string, { groups, totalSeconds }: LaneResult) => [
    ...GROUPS.map((group, index) => {
      const one = groups[group];
      return row(
        index === 0 ? name : '',
        group,
        one.tasks,
        one.limit,
        one.peak,
        one.violations,
        seconds(one.finishSeconds),
        seconds(one.idealSeconds),
        // On a shared queue a group has no places of its own that could be handed over.
        name === SPLIT ? `${Math.round(one.handOverMs)} ms` : '',
      );
    }),
    row('', 'all', '', '', '', '', seconds(totalSeconds), '', ''),
  ];
  return [
    `${rounds} times the sequence, tasks of 1 s; every figure from the tasks' own stamps`,
    head,
    ...lane('shared queue', shared),
    ...lane(SPLIT, split),
    '',
    `A edited from ${edit.limitBefore} to ${edit.limitAfter} while it worked: Active after ${seconds(edit.secondsToActive)}, ` +
      `peak ${edit.peakBefore} before and ${edit.peakAfter} after, ${edit.done} of ${edit.tasks} tasks done`,
    `B deleted with ${deletion.waitingWhenDeleted} tasks waiting: ${deletion.phases.join(' → ')} in ${seconds(deletion.secondsToDeleted)}, ` +
      `${deletion.done} done, ${deletion.salvaged} salvaged`,
  ].join('\n');
}

function row(...cells: (string | number)[]): string {
  const widths = [14, 6, 6, 6, 5, 11, 9, 9, 10];
  return cells
    .map((cell, index) =>
      index < 2 ? String(cell).padEnd(widths[index] ?? 0) : String(cell).padStart(widths[index] ?? 0),
    )
    .join('');
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
