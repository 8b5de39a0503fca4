import { connectionEnvironment } from '../../connection-environment.ts';
import { type BenchStage, withBenchStage } from '../bench-stage.ts';
import { type Took, timeCommand } from '../command-line/first-output.ts';
import { fillStage } from '../command-line/many-pipelines.ts';
import type { Findings, Row, Table } from '../row.ts';
import { median } from '../statistics.ts';

const PIPELINES = 2_000;
const STARTS = 11;
const LISTS = 5;
const HELP_MS = 300;
const TIMES_THE_LOOP = 3;

const SLUICE = 'operator/cli/sluice.js';
const HELP = 'sluice --help';
const BARE = 'node, which does nothing';
const STARTED: Readonly<Record<string, readonly string[]>> = {
  [BARE]: ['-e', ''],
  [HELP]: [SLUICE, '--help'],
  'sluice send --help': [SLUICE, 'send', '--help'],
  'serverless --help': ['node_modules/serverless/bin/serverless.js', '--help'],
};

const LIST = 'sluice ls';
const LOOK = 'sluice ls --look';
const LOOP = 'a loop that asks SQS for one queue after the other, in a program that runs already';

/** How long people wait for the command line. */
export const commandLine: Row = {
  name: 'cli',
  title: 'How long the command line takes',
  compared:
    'Its start, beside that of a bare Node and of the Serverless Framework’s own command line; each a process of its own, ' +
    `in turns. Then the list of ${PIPELINES.toLocaleString('en-US')} pipelines on the local stage: what is written down of ` +
    'them; with a look at each of their queues; and beside it what a script does that asks SQS for one queue after the other.',
  async run(say) {
    say('  starts …');
    const starts = await inTurns(STARTS, STARTED, (args) => timeCommand(args));
    const lists = await withBenchStage(say, async (stage) => {
      say(`  ${PIPELINES} pipelines …`);
      const urls = await fillStage(stage, PIPELINES);
      const env = connectionEnvironment(stage.emulator);
      const cli = (...words: string[]) => timeCommand([SLUICE, 'ls', ...words, '--stage', 'bench'], env);
      const ways = { [LIST]: () => cli(), [LOOK]: () => cli('--look'), [LOOP]: () => loop(stage, urls) };
      return inTurns(LISTS, ways, (way) => way());
    });
    return findings(starts, lists);
  },
};

type Times = Readonly<Record<string, readonly Took[]>>;

async function inTurns<W>(
  rounds: number,
  ways: Readonly<Record<string, W>>,
  run: (way: W) => Promise<Took>,
): Promise<Times> {
  const found = new Map(Object.keys(ways).map((name) => [name, [] as Took[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      const took = await run(way);
      // The first one fills the machine's caches.
      if (round > 0) found.get(name)?.push(took);
    }
  }
  return Object.fromEntries(found);
}

async function loop({ driver }: BenchStage, urls: readonly string[]): Promise<Took> {
  const beganMs = performance.now();
  for (const url of urls) await driver.queues.read(url);
  const endMs = performance.now() - beganMs;
  return { firstMs: endMs, endMs };
}

function findings(starts: Times, lists: Times): Findings {
  const first = (times: Times, name: string) => median((times[name] ?? []).map(({ firstMs }) => firstMs));
  const end = (times: Times, name: string) => median((times[name] ?? []).map(({ endMs }) => endMs));
  const tableOf = (title: string, times: Times, over: string): Table => ({
    columns: [title, 'n', 'first output, median ms', 'end, median ms', `÷ ${over}`],
    lines: Object.keys(times).map((name) => [
      `\`${name}\``,
      times[name]?.length ?? 0,
      Math.round(first(times, name)),
      Math.round(end(times, name)),
      `${(end(times, name) / end(times, over)).toFixed(2)}×`,
    ]),
  });
  const help = first(starts, HELP);
  const ratio = end(lists, LOOP) / end(lists, LIST);
  return {
    tables: [tableOf('a start', starts, BARE), tableOf('a list', lists, LIST)],
    notes: [
      `A look at the queues is a call for each: ${(2 * PIPELINES).toLocaleString('en-US')} here, 24 under way at a time. The emulator ` +
        'answers them one by one, so that there is nothing to be gained by that, as there is on AWS, where the way there and ' +
        'back is most of a call. Without being asked, `ls` looks where there are at most 500 pipelines to list.',
    ],
    goals: [
      {
        goal: `first output of \`${HELP}\` within ${HELP_MS} ms`,
        measured: `${Math.round(help)} ms`,
        met: help < HELP_MS,
      },
      {
        goal: `\`${LIST}\` in at most 1/${TIMES_THE_LOOP} of the loop’s time`,
        measured: `1/${ratio.toFixed(1)}`,
        met: ratio >= TIMES_THE_LOOP,
      },
    ],
  };
}
