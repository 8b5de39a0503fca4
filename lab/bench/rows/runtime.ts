import type { Findings, Goal, Row, Table } from '../row.ts';
import { type ColdStart, coldStarts } from '../runtime/cold-start.ts';
import {
  type Bundles,
  burstEvent,
  CONSUMER_VARIABLES,
  type Contender,
  counted,
  rateLimited,
  withBundles,
} from '../runtime/contenders.ts';
import { withFreeLedger } from '../runtime/free-ledger.ts';
import { type RuntimeSize, runtimeSize } from '../runtime/size.ts';
import { type TaskCosts, taskCosts } from '../runtime/task-cost.ts';
import { median, percentile } from '../statistics.ts';

const COLD_STARTS = 60;
const BATCH_SIZES = [1, 10];

const MOST_BYTES = 60_000;
const MOST_COLD_START = 1.3;

type Starts = Readonly<Record<'bare' | 'sluice' | 'rateLimited' | 'counted', readonly ColdStart[]>>;
type Costs = readonly { readonly batchSize: number; readonly costs: TaskCosts }[];

/** What the runtime itself takes, beside what people use instead. */
export const runtime: Row = {
  name: 'runtime',
  title: 'What the runtime costs: its size, its cold start, its share of a task',
  compared:
    'The consumer runtime around a handler that does nothing, against a handler without any runtime, which parses each ' +
    'body and answers, and against Powertools for AWS Lambda, whose batch processor does the same with partial ' +
    'responses. All are bundled by `operator/packing/bundle-consumer.ts`. A cold start is a fresh process of Node, from its ' +
    'start to its answer to one event of one task. The cost of a task is CPU time of a process that is warm, garbage ' +
    'collection included; nothing goes over the network.',
  async run(say) {
    const size = await runtimeSize();
    return withBundles(async (bundles) => {
      say(`  ${COLD_STARTS} cold starts of each …`);
      const starts = await withFreeLedger((endpoint) => startAll(bundles, endpoint));
      const costs = [];
      for (const batchSize of BATCH_SIZES) {
        say(`  tasks in batches of ${batchSize} …`);
        costs.push({ batchSize, costs: await taskCosts(bundles, batchSize) });
      }
      return findings(size, starts, costs);
    });
  },
};

function startAll(bundles: Bundles, endpoint: string): Promise<Starts> {
  const environment = CONSUMER_VARIABLES;
  return coldStarts(
    {
      bare: { bundle: bundles.bare, environment },
      sluice: { bundle: bundles.sluice, environment },
      rateLimited: { bundle: bundles.sluice, environment: rateLimited(endpoint) },
      counted: { bundle: bundles.sluice, environment: counted(endpoint), event: burstEvent() },
    },
    COLD_STARTS,
  );
}

function findings(size: RuntimeSize, starts: Starts, costs: Costs): Findings {
  return {
    tables: [sizeTable(size), coldStartTable(starts), costTable(costs)],
    notes: [
      'The ledger’s group loads the SDK before its first task, asks for a start and for the group’s hold, and starts 10 ms ' +
        'after it has asked at the earliest. The group whose bursts are counted, as they are unless its record says ' +
        '`progress: false`, loads a client of DynamoDB before its first task and makes two notes of it. What answers ' +
        'here is a process on the same machine. Breaker, lease and keys, references of the environment and tasks that ' +
        'throw or come back need the SDK as well; nothing else does.',
      'The runtime writes a line of JSON for each task, with its ids, its outcome and its stamps, and a line of metrics for ' +
        'each call. Powertools’ batch processor writes neither: it is measured alone, with a line of Powertools’ Logger for each ' +
        'task, and with Powertools’ Metrics besides; those say as much as the runtime’s. The lines are made and then ' +
        'thrown away, for what it costs to write them is the same for all. The goal is the cost of the same work; the ' +
        'batch processor alone, which does less, costs less: beside the lines the runtime has a signal that ' +
        'aborts before the deadline, looks at the time that is left, counts attempts and asks whether the group waits. The ' +
        'batch processor starts the tasks of a batch all at once, the runtime one after another.',
    ],
    goals: [sizeGoal(size), coldStartGoal(starts), ...costs.map(costGoal)],
  };
}

function sizeTable({ withoutSdk, coldStart, withSdk }: RuntimeSize): Table {
  return {
    columns: ['the runtime, minified', 'size'],
    lines: [
      ['without the SDK', kilobytes(withoutSdk)],
      ['of it loaded at every cold start', kilobytes(coldStart)],
      ['with the SDK’s clients, which are loaded when they are first needed', kilobytes(withSdk)],
    ],
  };
}

function coldStartTable({ bare, sluice, rateLimited, counted }: Starts): Table {
  const line = (what: string, starts: readonly ColdStart[]) => {
    const answered = starts.map(({ answeredMs }) => answeredMs);
    return [
      what,
      starts.length,
      milliseconds(median(answered)),
      milliseconds(percentile(answered, 0.95)),
      milliseconds(median(starts.map(({ cpuMs }) => cpuMs))),
      milliseconds(median(starts.map(({ loadMs }) => loadMs))),
      milliseconds(median(starts.map(({ firstCallMs }) => firstCallMs))),
      `${ratioOfPairs(starts, bare).toFixed(2)}×`,
    ];
  };
  return {
    columns: [
      'cold start',
      'n',
      'median',
      'p95',
      'CPU time',
      'of it loading',
      'of it the first call',
      '÷ bare',
    ],
    lines: [
      line('bare handler', bare),
      line('the runtime, of a group whose bursts are not counted', sluice),
      line('the runtime, of one whose bursts are, and a task of a burst', counted),
      line('the runtime, of a group with a `rateLimit` that needs the ledger', rateLimited),
    ],
  };
}

/** The median of the ratios of those that started right after each other. */
function ratioOfPairs(starts: readonly ColdStart[], bare: readonly ColdStart[]): number {
  return median(starts.map(({ answeredMs }, at) => answeredMs / (bare[at]?.answeredMs ?? Number.NaN)));
}

const COST_LINES: readonly (readonly [Contender, string, string, string])[] = [
  ['bare', 'bare handler', 'no', 'no'],
  ['sluice', 'the runtime', 'yes', 'yes'],
  ['powertools-metrics', 'Powertools’ batch processor, Logger and Metrics', 'yes', 'yes'],
  ['powertools-logger', 'Powertools’ batch processor and Logger', 'yes', 'no'],
  ['powertools', 'Powertools’ batch processor', 'no', 'no'],
  ['powertools-sync', 'Powertools’ batch processor, for handlers that wait for nothing', 'no', 'no'],
];

function costTable(all: Costs): Table {
  return {
    columns: [
      'CPU time of a task',
      'a line for it',
      'metrics of the call',
      ...all.map(({ batchSize }) => `batches of ${batchSize}`),
    ],
    lines: COST_LINES.map(([contender, ...what]) => [
      ...what,
      ...all.map(({ costs }) => microseconds(median(costs[contender]))),
    ]),
  };
}

function sizeGoal({ withoutSdk }: RuntimeSize): Goal {
  return {
    goal: `without the SDK at most ${kilobytes(MOST_BYTES)}`,
    measured: kilobytes(withoutSdk),
    met: withoutSdk <= MOST_BYTES,
  };
}

function coldStartGoal({ bare, sluice }: Starts): Goal {
  const ratio = ratioOfPairs(sluice, bare);
  return {
    goal: `a cold start at most ${MOST_COLD_START} × a bare handler’s`,
    measured: `${ratio.toFixed(2)} ×`,
    met: ratio <= MOST_COLD_START,
  };
}

function costGoal({ batchSize, costs }: Costs[number]): Goal {
  const ratio = median(costs.sluice) / median(costs['powertools-metrics']);
  return {
    goal: `a task, with its line and metrics, at most that of Powertools’ batch processor with the same, in batches of ${batchSize}`,
    measured: `${ratio.toFixed(2)} ×`,
    met: ratio <= 1,
  };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

function microseconds(value: number): string {
  return `${value.toFixed(1)} µs`;
}
