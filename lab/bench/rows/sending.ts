import { type BenchStage, withBenchStage } from '../bench-stage.ts';
import type { Findings, Goal, Row, Table } from '../row.ts';
import { createSenders, SENDERS, type SenderName, type Ways } from '../sending/senders.ts';
import { median } from '../statistics.ts';

const ROUNDS = 5;
const TIMES_THE_LOOP = 2;

/** What AWS takes for a call within a region, beside what it does. */
const WAYS_OF_AWS: Ways = { sqs: 10, dynamoDb: 5 };

type PerSecond = Readonly<Partial<Record<SenderName, readonly number[]>>>;

const NAMES: Readonly<Record<SenderName, string>> = {
  loop: 'a plain loop of SendMessageBatch, one call after the other',
  producer: 'sqs-producer',
  burst: 'the trigger’s code in this process: read, plan, send, note',
  trigger: 'the deployed trigger, called as a function',
  parallel: '16 such loops at once, nothing marked, planned or noted',
};

interface Setting {
  readonly title: string;
  readonly ways: Ways;
  readonly tasks: number;
  readonly senders: readonly SenderName[];
}

const FAR: Setting = {
  title: 'with the ways of AWS',
  ways: WAYS_OF_AWS,
  tasks: 5_000,
  senders: ['loop', 'producer', 'burst', 'parallel'],
};
const NEAR: Setting = {
  title: 'as the emulator answers',
  ways: { sqs: 0, dynamoDb: 0 },
  tasks: 10_000,
  senders: SENDERS,
};

/** How fast a burst goes out. */
export const sending: Row = {
  name: 'sending',
  title: 'How fast a burst goes out',
  compared:
    'Small tasks into the queue of a pipeline that is paused, on the local stage, by the trigger, by a plain sequential loop ' +
    'of SendMessageBatch, and by the npm package sqs-producer; ten messages a call, the same client of the SDK. The trigger ' +
    'marks each message with its burst and its place, notes after each call how far it is, and so can go on after a crash; ' +
    `the others do neither. First with the ways of AWS: each call waits ${WAYS_OF_AWS.sqs} ms on its way to SQS, ` +
    `${WAYS_OF_AWS.dynamoDb} ms to DynamoDB, before the emulator gets it. Then without.`,
  run: (say) =>
    withBenchStage(say, async (stage) => {
      for (const name of SENDERS) await stage.driver.putConfigRecord({ pipelineId: name, paused: true });
      for (const name of SENDERS) await stage.driver.until(name, ({ phase }) => phase === 'Paused');
      const far = await measure(stage, FAR, say);
      const near = await measure(stage, NEAR, say);
      return findings(far, near);
    }),
};

async function measure(stage: BenchStage, setting: Setting, say: (line: string) => void): Promise<PerSecond> {
  const { senders: names, tasks, ways, title } = setting;
  const senders = createSenders(stage, ways);
  const found = new Map(names.map((name) => [name, [] as number[]]));
  // The first calls open connections and compile.
  for (const name of names) await senders[name](name, 500);
  for (let round = 1; round <= ROUNDS; round += 1) {
    say(`  ${title}: round ${round} of ${ROUNDS} …`);
    // Whoever comes first in one round comes last in another.
    for (const name of [...names.slice(round % names.length), ...names.slice(0, round % names.length)]) {
      const beganMs = performance.now();
      await senders[name](name, tasks);
      found.get(name)?.push((tasks / (performance.now() - beganMs)) * 1000);
    }
  }
  return Object.fromEntries(found);
}

function findings(far: PerSecond, near: PerSecond): Findings {
  return {
    tables: [tableOf(FAR, far), tableOf(NEAR, near)],
    notes: [
      'The emulator is one process on the same machine, which answers a call of ten messages in little more than a ' +
        'millisecond of work: without a way there is nothing that several calls at once could save, whoever sends, and what ' +
        'the trigger has the emulator do besides counts (three attributes a message, its notes). How much it ' +
        'gains there says what marks and notes cost this emulator, not what bursts take on AWS.',
      'So the last goals, without ways, depend on the machine: 16 bare loops at once, which do nothing but ' +
        `send, come to ${(median(near.parallel ?? []) / median(near.loop ?? [])).toFixed(2)} × the plain loop. Its one process is ` +
        'busy then; whoever has it do more for each message is slower.',
      'The deployed trigger starts its process first, and numbers the documents itself.',
    ],
    goals: [
      goal(`${FAR.title} at least ${TIMES_THE_LOOP} × the plain loop`, far.burst, far.loop, TIMES_THE_LOOP),
      goal(`${FAR.title} at least as fast as sqs-producer`, far.burst, far.producer, 1),
      goal(
        `${NEAR.title} at least ${TIMES_THE_LOOP} × the plain loop`,
        near.burst,
        near.loop,
        TIMES_THE_LOOP,
      ),
      goal(`${NEAR.title} at least as fast as sqs-producer`, near.burst, near.producer, 1),
    ],
  };
}

function tableOf({ title, tasks, senders }: Setting, found: PerSecond): Table {
  const loop = median(found.loop ?? []);
  return {
    columns: [
      `${tasks.toLocaleString('en-US')} tasks, ${title}`,
      'n',
      'tasks a second, median',
      'least',
      'most',
      '÷ loop',
    ],
    lines: senders.map((name) => {
      const rates = found[name] ?? [];
      return [
        NAMES[name],
        rates.length,
        Math.round(median(rates)),
        Math.round(Math.min(...rates)),
        Math.round(Math.max(...rates)),
        `${(median(rates) / loop).toFixed(2)}×`,
      ];
    }),
  };
}

type Rates = readonly number[] | undefined;

function goal(text: string, ours: Rates = [], theirs: Rates = [], least = 1): Goal {
  const ratio = median(ours) / median(theirs);
  return { goal: text, measured: `${ratio.toFixed(2)} ×`, met: ratio >= least };
}
