import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { projectRoot } from '../../local-stage/paths.ts';
import { AWS_NATURE } from '../../simulator/world/nature.ts';
import { type BulkLoad, loadInBulk } from '../bulk-load.ts';
import type { Findings, Goal, Row } from '../row.ts';

const run = promisify(execFile);

const SEEDS = 1000;
const SEEDS_WITHIN_SECONDS = 60;
const BUDGET_SHARE = 0.9;
const PAUSE_WITHIN_SECONDS = 10;
const PAUSES = 15;
/** Longest that AWS takes for a mapping to come up: no pacing can shorten it. */
const LAST_MAPPING_SECONDS = AWS_NATURE.mappingMs[1] / 1000;

interface Case {
  readonly what: string;
  /** Whether AWS fails to make some of the functions. */
  readonly fails: boolean;
  readonly load: BulkLoad;
}

/** Row 3: thousands of records at once, and how quick the simulator is. */
export const scale: Row = {
  name: 'scale',
  title: 'Thousands of records at once, and the simulator’s own speed',
  compared:
    'All records are written at one moment into an empty stage of the simulator, which has AWS’s delays and limits; the ' +
    'budget is the default of 10 calls a second. The calls made until the last resource is there are compared with what ' +
    'the budget allows in that time, and the time until all are `Active` with calls ÷ budget. Times are virtual; `took` ' +
    'is this machine’s.',
  async run(say) {
    const cases: Case[] = [];
    const play = async (what: string, records: number, options: Parameters<typeof loadInBulk>[1] = {}) => {
      say(`  ${what} …`);
      const load = await loadInBulk(records, options);
      cases.push({ what, fails: options.functionFails !== undefined, load });
    };
    await play('1,000', 1_000);
    await play('1,000, 1 % of functions fail at first', 1_000, { functionFails: 0.01 });
    await play(`1,000, ${PAUSES} pauses meanwhile`, 1_000, { pauses: PAUSES });
    await play('5,000', 5_000);
    await play('10,000', 10_000);
    say(`  ${SEEDS} seeds …`);
    return findings(cases, await tellSeeds());
  },
};

/** Judges the stories of so many seeds, with a process for each core, two at most. */
async function tellSeeds(): Promise<{ readonly seconds: number; readonly processes: number }> {
  const processes = Math.min(2, availableParallelism());
  const each = SEEDS / processes;
  const beganMs = performance.now();
  await Promise.all(
    Array.from({ length: processes }, (_, at) => {
      const seeds = ['--from', String(1 + at * each), '--seeds', String(each)];
      return run(process.execPath, ['lab/simulator/main.ts', ...seeds], { cwd: projectRoot });
    }),
  );
  return { seconds: (performance.now() - beganMs) / 1000, processes };
}

function findings(
  cases: readonly Case[],
  seeds: { readonly seconds: number; readonly processes: number },
): Findings {
  const all = cases.map(({ load }) => load);
  const share = Math.min(...all.map(({ budgetShare }) => budgetShare));
  const peak = Math.max(...all.map(({ peakPerSecond }) => peakPerSecond));
  const throttled = all.reduce((sum, load) => sum + load.throttled.length, 0);
  const slowestPause = Math.max(...all.flatMap(({ pauseSeconds }) => pauseSeconds));
  const perMinute = Math.round((SEEDS / seeds.seconds) * 60);
  const goals: Goal[] = [
    {
      goal: `at least ${BUDGET_SHARE} of what the budget allows, until everything is made`,
      measured: `${share.toFixed(3)} at least`,
      met: share >= BUDGET_SHARE,
    },
    untilActive(
      `(calls ÷ budget) ÷ time ≥ ${BUDGET_SHARE}, until all are \`Active\`, where AWS fails at nothing`,
      cases.filter(({ fails }) => !fails),
      0,
    ),
    untilActive(
      `((calls ÷ budget) + ${LAST_MAPPING_SECONDS} s) ÷ time ≥ ${BUDGET_SHARE}, where it fails to make functions at first`,
      cases.filter(({ fails }) => fails),
      LAST_MAPPING_SECONDS,
    ),
    { goal: 'never more than 10 calls sent in any second', measured: String(peak), met: peak <= 10 },
    { goal: 'no throttle', measured: String(throttled), met: throttled === 0 },
    {
      goal: `a pause in the middle of it is in AWS’s hands within ${PAUSE_WITHIN_SECONDS} s`,
      measured: `${slowestPause.toFixed(1)} s at most`,
      met: slowestPause <= PAUSE_WITHIN_SECONDS,
    },
    {
      goal: `${SEEDS.toLocaleString('en-US')} seeds of faults within a minute on 2 cores`,
      measured: `${seeds.seconds.toFixed(1)} s, ${perMinute.toLocaleString('en-US')} a minute, ${seeds.processes} processes`,
      met: seeds.seconds <= SEEDS_WITHIN_SECONDS,
    },
  ];
  return {
    tables: [
      {
        columns: [
          ...[
            'records',
            'calls',
            'calls ÷ budget',
            'all made',
            'budget used till then',
            'all Active',
            '÷ time',
          ],
          ...['most sent in a second', 'most arriving', 'throttles', 'took'],
        ],
        lines: cases.map(({ what, load }) => [
          what,
          load.calls,
          `${load.leastSeconds.toFixed(0)} s`,
          `${load.madeSeconds.toFixed(0)} s`,
          `${(100 * load.budgetShare).toFixed(1)} %`,
          `${load.activeSeconds.toFixed(0)} s`,
          (load.leastSeconds / load.activeSeconds).toFixed(3),
          load.peakPerSecond,
          load.peakArriving,
          load.throttled.length,
          `${load.tookSeconds.toFixed(1)} s`,
        ]),
      },
    ],
    notes: [
      'Calls are all of Lambda’s control-plane bucket, the reconciler’s and the polls of mappings included. Starts are ' +
        'reserved 105 ms apart, so that lateness never fills a second: no more than 95.2 % of the budget can be used. What ' +
        'the way to AWS takes is not in that: an eleventh call may arrive in a second in which ten were sent; AWS takes 15. ' +
        'The stage is half a minute old. One seed; AWS fails to make no function except where the table says so.',
      'After the last call that makes something its mapping has still to come up: up to ' +
        `${LAST_MAPPING_SECONDS} s here, looked at after 15 s and then every 30 s, however many records there are. Looks at the ` +
        'mappings made before fill that time, unless a function failed: its run begins anew after half a minute, and all its ' +
        'calls wait behind everybody else’s. Then the time of the last mapping comes on top: no pacing can shorten it.',
      'A pause is measured from its record to the call that stops the mapping; stopping takes AWS its time after that. The ' +
        'pauses are spread evenly over the pipelines’ becoming `Active`.',
      'A seed is one story of edits, tasks and mishaps under faults at any call, judged by all promises: what ' +
        '`npm run sim -- --seeds N` does, without a test runner.',
    ],
    goals,
  };
}

/** How long all took until they were `Active`, against the least that their calls need, and a time that is not the calls’. */
function untilActive(goal: string, cases: readonly Case[], besidesSeconds: number): Goal {
  const shares = cases.map(({ what, load: { leastSeconds, activeSeconds } }) => ({
    what,
    share: (leastSeconds + besidesSeconds) / activeSeconds,
  }));
  const below = shares.filter((one) => one.share < BUDGET_SHARE);
  const least = Math.min(...shares.map((one) => one.share)).toFixed(3);
  const where = below.map((one) => `; below with ${one.what}: ${one.share.toFixed(3)}`).join('');
  return { goal, measured: `${least} at least${where}`, met: below.length === 0 };
}
