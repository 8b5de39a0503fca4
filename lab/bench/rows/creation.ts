import { deployStage } from '../../local-stage/deploy.ts';
import type { Emulator } from '../../local-stage/emulator.ts';
import type { StageDriver } from '../../stage-driver.ts';
import { withBenchStage } from '../bench-stage.ts';
import { createStackRaw } from '../raw-stack.ts';
import type { Findings, Row } from '../row.ts';
import { renameGroup, SMALL_SERVICE, type SmallStack, writeSmallStack } from '../small-stack.ts';
import { duration, median, percentile } from '../statistics.ts';

const ONE_BY_ONE = 20;
const AT_ONCE = 20;
const DEPLOYS = 3;
const RAW_STACKS = 5;
const FASTER = 3;

interface Times {
  /** The very first record of a fresh stage, whose functions start cold. */
  readonly firstMs: number;
  readonly oneByOneMs: readonly number[];
  readonly atOnceMs: readonly number[];
  /** The same once more, when as many processes of the lifecycle's function are there already. */
  readonly atOnceAgainMs: readonly number[];
  readonly ownBucketMs: readonly number[];
  readonly sharedBucketMs: readonly number[];
  readonly rawMs: readonly number[];
}

/** Row 1: how soon a group has its pipeline. */
export const creation: Row = {
  name: 'creation',
  title: 'A new group: one record, or one small stack',
  compared:
    'From writing a record to its status `Active`, against what people do today: `sls deploy` of one small stack for the ' +
    'group with the same resources (queue, dead-letter queue, function, mapping, and a role, which pipelines share), by ' +
    'the same framework onto the same emulator. Beside it CloudFormation’s CreateStack of that stack’s template, without ' +
    'any framework: the least that a stack takes there.',
  async run(say) {
    return findings(await measure(say));
  },
};

function measure(say: (line: string) => void): Promise<Times> {
  return withBenchStage(say, async ({ emulator, driver, codeBucket, zip }) => {
    const firstMs = await timeToActive(driver, 'first');
    say(`  ${ONE_BY_ONE} records, one by one …`);
    const oneByOneMs: number[] = [];
    for (let at = 1; at <= ONE_BY_ONE; at += 1) oneByOneMs.push(await timeToActive(driver, `single-${at}`));
    say(`  ${AT_ONCE} records at once …`);
    const allAtOnce = (name: string) =>
      Promise.all(Array.from({ length: AT_ONCE }, (_, at) => timeToActive(driver, `${name}-${at + 1}`)));
    const atOnceMs = await allAtOnce('bulk');
    const atOnceAgainMs = await allAtOnce('again');

    const shared = await writeSmallStack(zip, codeBucket);
    const own = await writeSmallStack(zip);
    try {
      say(`  ${DEPLOYS} small stacks, their code in one bucket …`);
      const sharedBucketMs = await timeDeploys(emulator, shared, 'shared');
      say(`  ${DEPLOYS} small stacks, a bucket each …`);
      const ownBucketMs = await timeDeploys(emulator, own, 'own');
      say(`  ${RAW_STACKS} raw stacks …`);
      const rawMs = await timeRawStacks(emulator, await shared.template());
      return { firstMs, oneByOneMs, atOnceMs, atOnceAgainMs, sharedBucketMs, ownBucketMs, rawMs };
    } finally {
      await Promise.all([shared.delete(), own.delete()]);
    }
  });
}

/** Twenty-five milliseconds of it may be the look at the status. */
function timeToActive(driver: StageDriver, pipelineId: string): Promise<number> {
  return timed(async () => {
    await driver.putConfigRecord({ pipelineId });
    await driver.until(pipelineId, ({ phase }) => phase === 'Active');
  });
}

async function timeDeploys(connection: Emulator, { folder }: SmallStack, what: string): Promise<number[]> {
  const times: number[] = [];
  for (let at = 1; at <= DEPLOYS; at += 1) {
    const stack = { connection, folder, service: SMALL_SERVICE, stage: `${what}${at}` };
    times.push(await timed(() => deployStage(stack)));
  }
  return times;
}

async function timeRawStacks(emulator: Emulator, template: string): Promise<number[]> {
  const times: number[] = [];
  for (let at = 1; at <= RAW_STACKS; at += 1) {
    const renamed = renameGroup(template, `shared${DEPLOYS}`, `raw${at}`);
    times.push(await timed(() => createStackRaw(emulator, `raw-${at}`, renamed)));
  }
  return times;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

function findings(times: Times): Findings {
  const record = median(times.oneByOneMs);
  const line = (what: string, valuesMs: readonly number[]) => [
    what,
    valuesMs.length,
    duration(median(valuesMs)),
    duration(percentile(valuesMs, 0.95)),
    `${(median(valuesMs) / record).toFixed(2)}×`,
  ];
  // The quicker of the two ways to deploy is the one to be measured against.
  const deploy = Math.min(median(times.sharedBucketMs), median(times.ownBucketMs));
  const faster = deploy / record;
  return {
    tables: [
      {
        columns: ['', 'n', 'median', 'p95', '÷ record'],
        lines: [
          line('record → Active, one by one', times.oneByOneMs),
          line(`record → Active, ${times.atOnceMs.length} at once, each`, times.atOnceMs),
          line(`record → Active, ${times.atOnceAgainMs.length} more at once, each`, times.atOnceAgainMs),
          line('record → Active, the first of a fresh stage', [times.firstMs]),
          line('`sls deploy`, the code in a bucket that is there', times.sharedBucketMs),
          line('`sls deploy`, with a bucket of its own (the default)', times.ownBucketMs),
          line('raw CreateStack', times.rawMs),
        ],
      },
    ],
    notes: [
      `Of ${times.atOnceMs.length} records written at once the last was \`Active\` after ${duration(Math.max(...times.atOnceMs))}, of as many more ` +
        `after ${duration(Math.max(...times.atOnceAgainMs))}. Each of them took longer than a record alone, and what is to be met is ` +
        'measured one by one: stacks were not deployed at once either.',
      'With fewer than 20 values p95 is the largest.',
      'The emulator makes a stack’s resources in milliseconds, without AWS’s delays; a record goes through a stream, a ' +
        'function and a state machine, and waits until function and mapping are ready (the emulator makes a function ready ' +
        'half a second after its creation, and starts an execution 0.15 s late; a stack does not wait for either).',
    ],
    goals: [
      {
        goal: `one by one, at least ${FASTER} times as fast as the quicker \`sls deploy\``,
        measured: `${faster.toFixed(1)} times`,
        met: faster >= FASTER,
      },
    ],
  };
}
