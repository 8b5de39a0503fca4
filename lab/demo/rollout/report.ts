import { mark, problemsOf, type Verdict } from '../verdict.ts';
import { type GroupResult, groupResults, judge, type Story } from './judge.ts';
import { type Moment, words } from './timeline.ts';

/** What `--json` writes. */
export interface RolloutResult {
  readonly timeline: readonly Moment[];
  readonly groups: readonly GroupResult[];
  readonly verdicts: readonly Verdict[];
  /** What is not as promised. */
  readonly problems: readonly string[];
}

export function resultOf(story: Story): RolloutResult {
  const verdicts = judge(story);
  return {
    timeline: story.timeline,
    groups: groupResults(story),
    verdicts,
    problems: problemsOf(verdicts),
  };
}

/** A moment as people read it. */
export function momentLine(moment: Moment): string {
  return `${(moment.atMs / 1000).toFixed(1).padStart(6)} s  ${words(moment)}`;
}

/** The result as people read it. */
export function closingTable({ groups, verdicts }: RolloutResult): string {
  const promises = Math.max(...verdicts.map(({ promise }) => promise.length));
  return [
    "every figure from the tasks' own stamps",
    row('group', 'limit', 'peak', 'violations', 'sent', 'done', 'failed first', 'releases'),
    ...groups.map((one) =>
      row(
        one.pipelineId,
        one.limit,
        one.peak,
        one.violations,
        one.accepted,
        one.done,
        one.failed,
        one.releases.join(' → '),
      ),
    ),
    '',
    ...verdicts.map((verdict) => `${mark(verdict)} ${verdict.promise.padEnd(promises)}  ${verdict.evidence}`),
  ].join('\n');
}

function row(...cells: (string | number)[]): string {
  const widths = [10, 6, 6, 11, 6, 6, 13];
  return cells
    .map((cell, index) => {
      if (index === 0) return String(cell).padEnd(widths[index] ?? 0);
      return index < widths.length ? String(cell).padStart(widths[index] ?? 0) : `  ${cell}`;
    })
    .join('');
}
