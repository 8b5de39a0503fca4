import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHealthLines } from '../../../aws/health-lines.ts';
import type { HealthReports, QueueState } from '../../../aws/ports.ts';
import { createRuntime } from '../../../consumer/runtime.ts';
import { createWorld, event, invocation, record } from '../consumer/world.ts';
import { type FakeAws, startFakeAws } from './fake-aws.ts';

const T = 1_800_000_000_000;
const second = (at: number) => T + at * 1_000;

let aws: FakeAws;
let logs: CloudWatchLogsClient;
let nowMs: number;
let deadLetters: Map<string, number>;
let health: HealthReports;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
  const { endpoint, region, accessKeyId, secretAccessKey } = aws.connection;
  logs = new CloudWatchLogsClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  nowMs = second(3_600);
  deadLetters = new Map();
  const queues = {
    find: async (name: string) => (deadLetters.has(name) ? `http://queues/${name}` : undefined),
    read: async (url: string) => {
      const visible = deadLetters.get(url.slice('http://queues/'.length));
      return { counts: { visible, delayed: 0, inFlight: 7 } } as QueueState;
    },
  };
  health = createHealthLines({
    logs,
    queues,
    logGroup: '/sluice/dev/consumers',
    stage: 'dev',
    clock: { nowMs: () => nowMs },
  });
});
afterEach(async () => {
  logs.destroy();
  await aws.stop();
});

const logged = (...lines: readonly (object | string)[]) =>
  aws.replyWith({
    body: {
      events: lines.map((line) => ({
        timestamp: T,
        message: typeof line === 'string' ? line : JSON.stringify(line),
      })),
    },
  });

/** The runtime's line of a task, as far as anybody adds it up. */
const task = (pipelineId: string, startedAtMs: number, ms: number, fate = 'done') => ({
  sluice: 'task',
  fate,
  pipelineId,
  startedAtMs,
  endedAtMs: startedAtMs + ms,
});

describe('health from log lines', () => {
  it('adds up the tasks of each pipeline by the second in which they started, in order, and leaves out who had none', async () => {
    logged(
      task('a', second(1), 300),
      task('b', second(1), 10),
      task('a', second(0) + 900, 200),
      task('a', second(1) + 999, 50, 'retry'),
      task('a', second(1) + 1, 0, 'deadLetter'),
      task('a', second(1) + 2, 7, 'giveBack'),
      task('other', second(1), 10),
    );
    const sample = { spanMs: 1_000, errors: 0, throttled: 0 };
    expect([...(await health.read(['a', 'b', 'c'], second(0), second(9)))]).toEqual([
      [
        'a',
        [
          { ...sample, atMs: second(0), calls: 1, received: 1, done: 1, failed: 0, durationMs: 200 },
          { ...sample, atMs: second(1), calls: 3, received: 3, done: 1, failed: 2, durationMs: 350 },
        ],
      ],
      ['b', [{ ...sample, atMs: second(1), calls: 1, received: 1, done: 1, failed: 0, durationMs: 10 }]],
    ]);
  });

  it('counts the tasks that started in the span, and waits for those that ended after it', async () => {
    logged(task('a', second(0) - 1, 5_000), task('a', second(8), 60_000), task('a', second(9), 1));
    const samples = await health.read(['a'], second(0), second(9));
    expect(samples.get('a')).toMatchObject([{ atMs: second(8), durationMs: 60_000 }]);
    expect(aws.seen).toMatchObject([
      {
        call: 'FilterLogEvents',
        body: { logGroupName: '/sluice/dev/consumers', startTime: second(0), endTime: second(9 + 900) },
      },
    ]);
  });

  it('passes over whatever else is logged', async () => {
    logged(
      'START RequestId: sluice',
      'sluice {',
      'null',
      { sluice: 'log', level: 'error', pipelineId: 'a', startedAtMs: second(1) },
      { sluice: 'call', level: 'info', pipelineId: 'a', startedAtMs: second(1), endedAtMs: second(1) },
      { sluice: 'task', fate: 'done', pipelineId: 'a' },
    );
    expect(await health.read(['a'], second(0), second(9))).toEqual(new Map());
  });

  it('understands what the runtime writes', async () => {
    const world = createWorld({ SLUICE_PIPELINE_ID: 'a' });
    const consume = createRuntime<{ readonly ok: boolean }>(({ ok }) => {
      world.pass(4_000);
      if (!ok) throw new Error('no');
    }, world.effects);
    // Of four there is no time for the last one, which is neither here nor there.
    const tasks = [record('1', { ok: true }), record('2', '{'), record('3', { ok: false }), record('4', {})];
    const startMs = world.effects.nowMs();
    await consume(event(...tasks), invocation(10_000));
    await expect(consume({} as never, invocation())).rejects.toThrow();
    logged(...world.lines);
    const samples = (await health.read(['a'], startMs, startMs + 60_000)).get('a') ?? [];
    const sum = (pick: (sample: (typeof samples)[number]) => number) =>
      samples.reduce((total, sample) => total + pick(sample), 0);
    expect(sum(({ received }) => received)).toBe(3);
    expect(sum(({ done }) => done)).toBe(1);
    expect(sum(({ failed = Number.NaN }) => failed)).toBe(2);
    expect(sum(({ errors }) => errors)).toBe(1);
    expect(sum(({ calls }) => calls)).toBe(4);
    expect(sum(({ durationMs }) => durationMs)).toBe(8_000);
  });

  it('ends with the dead letters that are there, where the span ends now', async () => {
    deadLetters = new Map([
      ['sluice-pipe-dev-a-dlq', 3],
      ['sluice-pipe-dev-b-dlq', 0],
    ]);
    nowMs = second(9) + 4_999;
    logged(task('a', second(1), 10));
    const samples = await health.read(['a', 'b', 'gone'], second(0), second(9));
    const nothing = { spanMs: 0, calls: 0, errors: 0, throttled: 0, received: 0, done: 0, durationMs: 0 };
    expect(samples.get('a')?.at(-1)).toEqual({ ...nothing, atMs: second(9), deadLetters: 3 });
    expect(samples.get('a')).toHaveLength(2);
    expect(samples.get('b')).toEqual([{ ...nothing, atMs: second(9), deadLetters: 0 }]);
    expect(samples.get('gone')).toBeUndefined();
  });

  it('knows no dead letters of a time that is over', async () => {
    deadLetters = new Map([['sluice-pipe-dev-a-dlq', 3]]);
    nowMs = second(9) + 5_000;
    expect(await health.read(['a'], second(0), second(9))).toEqual(new Map());
  });
});

describe('what calls took, by lines', () => {
  it('is what the tasks of the pipeline took that began in the span', async () => {
    logged(
      ...Array.from({ length: 20 }, (_, at) => task('a', second(at), at === 0 ? 4_000 : 1_000)),
      task('b', second(1), 60_000),
      task('a', second(-1), 60_000),
    );
    const times = await health.callTimes('a', second(0), second(100));
    expect(times).toMatchObject({ calls: 20, meanSeconds: 1.15 });
    expect(times?.p95Seconds).toBeGreaterThanOrEqual(1);
    expect(times?.p95Seconds).toBeLessThan(1.03);
  });

  it('is nothing where there were none', async () => {
    logged(task('b', second(1), 60_000));
    expect(await health.callTimes('a', second(0), second(100))).toBeUndefined();
  });
});
