import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DemoResult } from '../../demo/report.ts';
import { GROUPS } from '../../demo/sequence.ts';
import type { LaneResult } from '../../demo/two-lanes.ts';
import { projectRoot } from '../../local-stage/paths.ts';
import { preparePython } from '../../local-stage/python.ts';
import { withTemporaryFolder } from '../../local-stage/temporary.ts';
import type { Findings, Row } from '../row.ts';

const run = promisify(execFile);

type Result = DemoResult & { readonly problems: readonly string[] };

/** Row 4: the example that shows why. */
export const example: Row = {
  name: 'example',
  title: 'Three groups with limits: one shared queue, or one pipeline each',
  compared:
    'The same tasks of one second in the same order, for groups A (at most 2 at once), B (1) and C (2): once on one ' +
    'queue with four workers, once with a pipeline for each group. A violation is a start above the group’s limit, by ' +
    'the tasks’ own stamps; the ideal time is tasks ÷ limit seconds. This is `npm run demo`, on the local stage.',
  async run(say) {
    await preparePython(say);
    return findings(await playDemo());
  },
};

async function playDemo(): Promise<Result> {
  return withTemporaryFolder(async (folder) => {
    const file = join(folder, 'demo.json');
    // It ends with 1 when something is not as promised; the file says what.
    const ended = run(process.execPath, ['lab/demo/main.ts', '--json', file], { cwd: projectRoot });
    const failed = await ended.then(() => undefined).catch((error: Error) => error);
    const text = await readFile(file, 'utf8').catch(() => {
      throw failed ?? new Error('the demo has written nothing');
    });
    return JSON.parse(text) as Result;
  });
}

function findings({ rounds, shared, split, problems }: Result): Findings {
  const lines = (lane: string, { groups }: LaneResult) =>
    GROUPS.map((group) => {
      const { tasks, limit, peak, violations, finishSeconds, idealSeconds } = groups[group];
      const [finish, ideal] = [`${finishSeconds.toFixed(1)} s`, `${idealSeconds.toFixed(1)} s`];
      return [lane, group, tasks, limit, peak, violations, finish, ideal, ratio(finishSeconds, idealSeconds)];
    });
  const { violations, worst } = totals(split);
  const before = totals(shared);
  return {
    tables: [
      {
        columns: ['', 'group', 'tasks', 'limit', 'peak', 'violations', 'finish', 'ideal', '÷ ideal'],
        lines: [...lines('shared queue', shared), ...lines('pipelines', split)],
      },
    ],
    notes: [
      `${rounds} times the sequence. Together: ${before.violations} violations and ${shared.totalSeconds.toFixed(1)} s on the shared queue, ` +
        `${violations} and ${split.totalSeconds.toFixed(1)} s with pipelines.`,
      ...problems.map((problem) => `Not as promised: ${problem}.`),
    ],
    goals: [
      { goal: 'no violation with pipelines', measured: String(violations), met: violations === 0 },
      {
        goal: 'every group’s time ÷ ideal ≤ 1.10 with pipelines',
        measured: worst.toFixed(2),
        met: worst <= 1.1,
      },
    ],
  };
}

function totals({ groups }: LaneResult): { readonly violations: number; readonly worst: number } {
  const all = GROUPS.map((group) => groups[group]);
  return {
    violations: all.reduce((sum, one) => sum + one.violations, 0),
    worst: Math.max(...all.map((one) => one.finishSeconds / one.idealSeconds)),
  };
}

function ratio(seconds: number, idealSeconds: number): string {
  return (seconds / idealSeconds).toFixed(2);
}
