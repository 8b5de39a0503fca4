import { LAMBDA_CONTROL_PLANE_PER_SECOND } from '../../../core/aws-limits.ts';
import { fanOutNaively, type NaiveFanOut } from '../naive-fan-out.ts';
import { type ReleaseLoad, rollOutTo } from '../release-load.ts';
import type { Findings, Row } from '../row.ts';

const FLEETS = [100, 1_000, 5_000];
/** With tasks, and all settings as they are by default: what each pipeline gets in a minute. */
const WITH_TASKS = { pipelines: 100, tasksPerMinute: [12, 6, 0] };
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
    const { pipelines, tasksPerMinute } = WITH_TASKS;
    const withTasks: Busy[] = [];
    for (const perMinute of tasksPerMinute) {
      say(`  ${pipelines}, ${perMinute} tasks a minute each …`);
      withTasks.push({ perMinute, load: await rollOutTo(pipelines, { tasksPerMinute: perMinute }) });
    }
    return findings(fleets, withTasks);
  },
};

interface Busy {
  readonly perMinute: number;
  readonly load: ReleaseLoad;
}

/** What the pace is answerable for: neither the watching, which is wanted, nor the check and the trial before the first wave. */
const paced = ({ seconds, bakeSeconds, checkSeconds }: ReleaseLoad) => seconds - bakeSeconds - checkSeconds;

/** From the upload itself, with S3's event, check and trial. */
const fromUpload = ({ seconds, bakeSeconds, leastSeconds }: ReleaseLoad) =>
  (seconds - bakeSeconds) / leastSeconds;

function findings(
  fleets: readonly (readonly [ReleaseLoad, NaiveFanOut])[],
  withTasks: readonly Busy[],
): Findings {
  const loads = fleets.map(([load]) => load);
  const all = [...loads, ...withTasks.map(({ load }) => load)];
  const large = loads.filter(({ pipelines }) => pipelines >= 1_000);
  const ratio = Math.max(...large.map((load) => paced(load) / load.leastSeconds));
  const throttles = all.reduce((sum, { throttled }) => sum + throttled.length, 0);
  const events = Math.max(...all.map(({ historyEvents }) => historyEvents));
  const missing = all.reduce((sum, { pipelines, moved }) => sum + pipelines - moved, 0);
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
          ...['÷ (N ÷ budget)', 'and from the upload on', 'throttles', 'history events', 'took'],
        ],
        lines: loads.map((load) => [
          load.pipelines,
          load.waves.join(' + '),
          `${load.seconds.toFixed(0)} s`,
          `${load.checkSeconds.toFixed(0)} s`,
          `${load.bakeSeconds.toFixed(0)} s`,
          `${paced(load).toFixed(0)} s`,
          (paced(load) / load.leastSeconds).toFixed(3),
          fromUpload(load).toFixed(3),
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
      {
        columns: [
          ...['pipelines', 'tasks a minute, each', 'upload to `Done`', 'of it bakes', 'tasks sent', 'done'],
          ...['throttles', 'history events'],
        ],
        lines: withTasks.map(({ perMinute, load }) => [
          load.pipelines,
          perMinute,
          `${load.seconds.toFixed(0)} s`,
          `${load.bakeSeconds.toFixed(0)} s`,
          load.tasks,
          load.tasksDone,
          load.throttled.length,
          load.historyEvents,
        ]),
      },
    ],
    notes: [
      'Times are virtual; `took` is this machine’s. Watching is 300 s after each wave, the default; the pipelines are idle, ' +
        'and idle ones are not waited for any longer here. Before the first wave come S3’s event, which may be late, the ' +
        'check and the trial. What is left is the waves: a call for each pipeline at 10 a second, so that a third of what ' +
        'AWS allows is left for everybody else. A bake counts from when the budget has served its wave, so what is late of a ' +
        'wave is over before it ends.',
      fromUploadNote(large),
      'The third table has tasks of a second and all settings as they are by default: a wave with fewer than 20 tasks to ' +
        'tell by is waited for, up to 900 s more. The first wave of a hundred is one pipeline, whose metrics come up to ' +
        'two minutes late; where no tasks come at all, every wave is waited for to the end.',
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

function fromUploadNote(large: readonly ReleaseLoad[]): string {
  const figures = large.map((load) => {
    const ratio = fromUpload(load);
    const met = ratio <= RATIO_MOST ? 'within' : 'above';
    const { pipelines, checkSeconds } = load;
    const size = pipelines.toLocaleString('en-US');
    return `${ratio.toFixed(3)} at ${size}, ${met} ${RATIO_MOST}, with ${checkSeconds.toFixed(0)} s before the first wave`;
  });
  return (
    `Counted from the upload itself, only the bakes left out, it is ${figures.join('; ')}. This is no goal: what comes ` +
    'before the first wave takes as long for a small fleet as for a large one, and S3’s event alone may take 20 s of it.'
  );
}
