import type { Findings, Goal, Row, Table } from '../row.ts';
import { type ColdStart, coldStarts } from '../runtime/cold-start.ts';
import { CONSUMER_VARIABLES, type Contender, withBundles } from '../runtime/contenders.ts';
import { type RuntimeSize, runtimeSize } from '../runtime/size.ts';
import { type TaskCosts, taskCosts } from '../runtime/task-cost.ts';
import { median, percentile } from '../statistics.ts';

const COLD_STARTS = 60;
const BATCH_SIZES = [1, 10];

const MOST_BYTES = 60_000;
const MOST_COLD_START = 1.3;

type Starts = Readonly<Record<'bare' | 'sluice', readonly ColdStart[]>>;
type Costs = readonly { readonly batchSize: number; readonly costs: TaskCosts }[];

/** What the runtime itself takes, beside what people use instead. */
export const runtime: Row = {
  name: 'runtime',
  title: 'What the runtime costs: its size, its cold start, its share of a task',
  compared:
    'The consumer runtime around a handler that does nothing, against a handler without any runtime, which parses each ' +
    'body and answers, and against Powertools for AWS Lambda, whose batch processor does the same with partial ' +
    'responses. All are bundled by `lab/build/bundle-consumer.ts`. A cold start is a fresh process of Node, from its ' +
    'start to its answer to one event of one task. The cost of a task is CPU time of a process that is warm, garbage ' +
    'collection included; nothing goes over the network.',
  async run(say) {
    const size = await runtimeSize();
    return withBundles(async (bundles) => {
      say(`  ${COLD_STARTS} cold starts of each …`);
      const starter = (contender: Contender) => ({
        bundle: bundles[contender],
        environment: CONSUMER_VARIABLES,
      });
      const starts = await coldStarts({ bare: starter('bare'), sluice: starter('sluice') }, COLD_STARTS);
      const costs = [];
      for (const batchSize of BATCH_SIZES) {
        say(`  tasks in batches of ${batchSize} …`);
        costs.push({ batchSize, costs: await taskCosts(bundles, batchSize) });
      }
      return findings(size, starts, costs);
    });
  },
};

function findings(size: RuntimeSize, starts: Starts, costs: Costs): Findings {
  return {
    tables: [sizeTable(size), coldStartTable(starts), costTable(costs)],
    notes: [
      'The runtime writes a line of JSON for each task, with its ids, its outcome and its stamps. Powertools’ batch ' +
        'processor writes none: it is measured alone, and with a line of Powertools’ Logger for each task that says as much. ' +
        'All lines are made and then thrown away, for what it costs to write them is the same for all. What else the runtime ' +
        'does for a task, and the batch processor does not: a signal that aborts before the deadline, the time that is ' +
        'left, attempts, a fate for what is thrown. The batch processor starts the tasks of a batch all at once, the ' +
        'runtime one after another.',
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

function coldStartTable({ bare, sluice }: Starts): Table {
  const line = (what: string, starts: readonly ColdStart[]) => {
    const answered = starts.map(({ answeredMs }) => answeredMs);
    return [
      what,
      starts.length,
      milliseconds(median(answered)),
      milliseconds(percentile(answered, 0.95)),
      milliseconds(median(starts.map(({ loadMs }) => loadMs))),
      milliseconds(median(starts.map(({ firstCallMs }) => firstCallMs))),
      `${ratioOfPairs(starts, bare).toFixed(2)}×`,
    ];
  };
  return {
    columns: ['cold start', 'n', 'median', 'p95', 'of it loading', 'of it the first call', '÷ bare'],
    lines: [line('bare handler', bare), line('the runtime', sluice)],
  };
}

/** The median of the ratios of those that started right after each other. */
function ratioOfPairs(starts: readonly ColdStart[], bare: readonly ColdStart[]): number {
  return median(starts.map(({ answeredMs }, at) => answeredMs / (bare[at]?.answeredMs ?? Number.NaN)));
}

const COST_LINES: readonly (readonly [Contender, string, string])[] = [
  ['bare', 'bare handler', 'none'],
  ['sluice', 'the runtime', 'its own'],
  ['powertools-logger', 'Powertools’ batch processor and Logger', 'Logger’s'],
  ['powertools', 'Powertools’ batch processor', 'none'],
  ['powertools-sync', 'Powertools’ batch processor, without waiting for anything', 'none'],
];

function costTable(all: Costs): Table {
  return {
    columns: [
      'CPU time of a task',
      'a line for each',
      ...all.map(({ batchSize }) => `batches of ${batchSize}`),
    ],
    lines: COST_LINES.map(([contender, what, line]) => [
      what,
      line,
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
  const ratio = median(costs.sluice) / median(costs['powertools-logger']);
  return {
    goal: `a task, with a line for it, at most Powertools’ batch processor’s and Logger’s, in batches of ${batchSize}`,
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
