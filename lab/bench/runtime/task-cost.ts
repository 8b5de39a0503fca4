import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { type Bundles, CONSUMER_VARIABLES, CONTENDERS, type Contender, eventOf } from './contenders.ts';

const TASKS = 5_000;
/** Until the code is compiled as well as it gets. */
const WARM_UP_ROUNDS = 10;
const ROUNDS = 40;

/** CPU time of each round, microseconds a task, all threads of the process included. */
export type TaskCosts = Readonly<Record<Contender, readonly number[]>>;

/** A process for each contender; they take turns, round by round. */
export async function taskCosts(bundles: Bundles, batchSize: number): Promise<TaskCosts> {
  const events = eventsOf(batchSize);
  const children = CONTENDERS.map((contender) => ({ contender, child: start(bundles[contender]) }));
  const costs = Object.fromEntries(CONTENDERS.map((contender) => [contender, []])) as unknown as Record<
    Contender,
    number[]
  >;
  try {
    await Promise.all(children.map(({ child }) => ask(child, { events })));
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
      for (const { contender, child } of children) {
        const { cpuMicroseconds } = await ask(child, {});
        if (round >= 0) costs[contender].push(cpuMicroseconds / TASKS);
      }
    }
    return costs;
  } finally {
    for (const { child } of children) child.kill();
  }
}

function eventsOf(batchSize: number): SQSEvent[] {
  return Array.from({ length: TASKS / batchSize }, (_, at) => eventOf(batchSize, 1 + at * batchSize));
}

function start(bundle: string): ChildProcess {
  return fork(join(import.meta.dirname, 'answer-rounds.mjs'), [bundle], {
    env: CONSUMER_VARIABLES,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** @throws if the process ends instead of answering */
async function ask(
  child: ChildProcess,
  request: { readonly events?: readonly SQSEvent[] },
): Promise<{ readonly cpuMicroseconds: number }> {
  const over = new AbortController();
  const answered = once(child, 'message', over);
  const gone = once(child, 'exit', over).then(([code]) => {
    throw new Error(`a contender’s process ended with ${code}`);
  });
  child.send(request);
  try {
    const [answer] = await Promise.race([answered, gone]);
    return answer;
  } finally {
    over.abort();
  }
}
