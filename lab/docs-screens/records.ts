import { readExamplePipelines } from '../local-stage/seed.ts';

/** A pipeline of the pictures: its record, and how many tasks it is given each time. */
interface Shown {
  readonly record: { readonly pipelineId: string; readonly [field: string]: unknown };
  readonly tasks: number;
  /** New releases pass it by: it fails whatever it runs. */
  readonly isPinned?: boolean;
}

const seconds = (value: string, more: Readonly<Record<string, string>> = {}) => ({
  environment: { PROCESSING_SECONDS: value, ...more },
});

/** Tasks of the example pipelines each time. */
const OF_EXAMPLES: Readonly<Record<string, number>> = { 'customer-a': 17, 'customer-b': 4, 'website-c': 30 };

/** Neighbours of the examples: with those alone there is little to see. */
const NEIGHBOURS: readonly Shown[] = [
  { record: { pipelineId: 'customer-d', concurrency: 4, ...seconds('3') }, tasks: 11 },
  { record: { pipelineId: 'customer-e', concurrency: 3, paused: true }, tasks: 5 },
  {
    record: {
      pipelineId: 'customer-f',
      concurrency: 2,
      maxAttempts: 2,
      ...seconds('1.5', { FAIL_RATE: '0.3' }),
    },
    tasks: 9,
    isPinned: true,
  },
  { record: { pipelineId: 'customer-g', concurrency: 3, ...seconds('2.5') }, tasks: 7 },
  { record: { pipelineId: 'customer-h', ...seconds('0.2') }, tasks: 2 },
  {
    record: { pipelineId: 'website-k', rateLimit: { tasks: 60, perSeconds: 60 }, ...seconds('0.8') },
    tasks: 9,
  },
  {
    record: {
      pipelineId: 'website-l',
      concurrency: 2,
      breaker: { minTasks: 5, openSeconds: 60 },
      ...seconds('0.3', { FAIL_RATE: '1' }),
    },
    tasks: 8,
    isPinned: true,
  },
  { record: { pipelineId: 'website-m', timeoutSeconds: 9000 }, tasks: 0 },
  { record: { pipelineId: 'website-n', concurrency: 5, ...seconds('1.5') }, tasks: 0 },
];

/** Whom the burst is sent to. */
export const BURST_OF = 'website-n';
/** Which pipeline a release comes to first. */
const CANARY = 'customer-a';

export async function shownPipelines(): Promise<readonly Shown[]> {
  const examples = (await readExamplePipelines()) as Shown['record'][];
  const ours: readonly Shown[] = examples.map((record) => ({
    record,
    tasks: OF_EXAMPLES[record.pipelineId] ?? 0,
  }));
  return [...ours, ...NEIGHBOURS].map(({ record, ...more }) => ({
    ...more,
    record: record.pipelineId === CANARY ? { ...record, canary: true } : record,
  }));
}
