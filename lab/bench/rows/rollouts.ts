import { LAMBDA_CONTROL_PLANE_PER_SECOND } from '../../../core/aws-limits.ts';
import { fanOutNaively, type NaiveFanOut } from '../naive-fan-out.ts';
import { type ReleaseLoad, rollOutTo } from '../release-load.ts';
import type { Findings, Row } from '../row.ts';

const FLEETS = [100, 1_000, 5_000];
const RATIO_MOST = 1.1;
const EVENTS_MOST = 5_000;

/** Row 5: one upload, every consumer. */
export const rollouts: Row = {
  name: 'rollouts',
  title: 'One upload, every consumer',
  compared:
    'An upload to a fleet in the simulator, which has AWS’s delays and its limit of ' +
    `${LAMBDA_CONTROL_PLANE_PER_SECOND} calls a second in Lambda’s control plane. Beside it the plain way: every pipeline hears ` +
    'of the upload by SNS and updates its function at once, with the retries of the SDK and of Lambda. And the least ' +
    'that any way could take: a call for each pipeline, at what AWS allows.',
  async run(say) {
    const fleets: (readonly [ReleaseLoad, NaiveFanOut])[] = [];
    for (const pipelines of FLEETS) {
      say(`  ${pipelines} …`);
      fleets.push([await rollOutTo(pipelines), await fanOutNaively(pipelines, 1)]);
    }
    return findings(fleets);
  },
};

/** What the pace is answerable for: neither the watching, which is wanted, nor the check and the trial before the first wave. */
const paced = ({ seconds, bakeSeconds, checkSeconds }: ReleaseLoad) => seconds - bakeSeconds - checkSeconds;

function findings(fleets: readonly (readonly [ReleaseLoad, NaiveFanOut])[]): Findings {
  const loads = fleets.map(([load]) => load);
  const large = loads.filter(({ pipelines }) => pipelines >= 1_000);
  const ratio = Math.max(...large.map((load) => paced(load) / load.leastSeconds));
  const throttles = loads.reduce((sum, { throttled }) => sum + throttled.length, 0);
  const events = Math.max(...loads.map(({ historyEvents }) => historyEvents));
  const missing = loads.reduce((sum, { pipelines, moved }) => sum + pipelines - moved, 0);
  return {
    tables: [
      {
        columns: [
          ...[
            'pipelines',
            'sizes of the waves',
            'upload to `Done`',
            'of it check and trial',
            'watching',
            'waves',
          ],
          ...['÷ (N ÷ budget)', 'throttles', 'history events', 'took'],
        ],
        lines: loads.map((load) => [
          load.pipelines,
          load.waves.join(' + '),
          `${load.seconds.toFixed(0)} s`,
          `${load.checkSeconds.toFixed(0)} s`,
          `${load.bakeSeconds.toFixed(0)} s`,
          `${paced(load).toFixed(0)} s`,
          (paced(load) / load.leastSeconds).toFixed(3),
          load.throttled.length,
          load.historyEvents,
          `${load.tookSeconds.toFixed(1)} s`,
        ]),
      },
      {
        columns: ['pipelines', 'least: N ÷ 15 s', 'plain fan-out: last update', 'never updated', 'throttles'],
        lines: fleets.map(([, naive]) => [
          naive.pipelines,
          `${(naive.pipelines / LAMBDA_CONTROL_PLANE_PER_SECOND).toFixed(0)} s`,
          `${naive.seconds.toFixed(0)} s`,
          naive.left,
          naive.throttles,
        ]),
      },
    ],
    notes: [
      'Times are virtual; `took` is this machine’s. Watching is 300 s after each wave, the default; the pipelines are idle, ' +
        'and idle ones are not waited for any longer here. Before the first wave come S3’s event, which may be late, the ' +
        'check and the trial. What is left is the waves: a call for each pipeline at 10 a second, so that a third of what ' +
        'AWS allows is left for everybody else. A bake counts from when the budget has served its wave, so what is late of a ' +
        'wave is over before it ends.',
      'The plain way is quicker where it works: while all calls and their retries fit into the limit. Beyond that it leaves ' +
        'most of a fleet on the old code, without a word, and nobody else in the account gets a call through meanwhile. It ' +
        'tries nothing first, and goes back by hand.',
    ],
    goals: [
      {
        goal: `the waves, without the watching, take at most ${RATIO_MOST} × N ÷ budget, at 1,000 and at 5,000`,
        measured: `${ratio.toFixed(3)} at most`,
        met: ratio <= RATIO_MOST,
      },
      { goal: 'no throttle', measured: String(throttles), met: throttles === 0 },
      {
        goal: `fewer than ${EVENTS_MOST.toLocaleString('en-US')} history events`,
        measured: events.toLocaleString('en-US'),
        met: events < EVENTS_MOST,
      },
      { goal: 'every pipeline has the release', measured: `${missing} missing`, met: missing === 0 },
    ],
  };
}
