import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AwsError } from '../../../../aws/errors.ts';
import { CallFailed } from '../../../../aws/stage-inputs.ts';
import { measuredFact } from '../../../../core/burst/measured.ts';
import type { GroupState } from '../../../../core/flow/hold.ts';
import type { StatusRecord } from '../../../../core/status-record.ts';
import { createTaskDesk } from '../../../../operator/desk/tasks.ts';
import { type FakeAws, startFakeAws } from '../../aws/fake-aws.ts';
import { settledStatus, target, unmade } from '../../core/lifecycle/records.ts';
import { fakeQueue, NOW_MS, stageOfFakes } from './stage-of-fakes.ts';

const measured = {
  meanSeconds: 2,
  p95Seconds: 5,
  tasks: 100,
  at: '2026-11-21T12:00:00Z',
  burstId: 'b',
};
const stageWith = (
  status: StatusRecord | undefined,
  facts: Readonly<Record<string, unknown>> = {},
  group?: GroupState,
) =>
  stageOfFakes({
    ports: {
      statuses: { read: async () => status },
      holds: { read: async () => group },
      configs: { read: async (id) => (id === 'a' ? { pipelineId: 'a' } : undefined) },
      queues: {
        read: async () => ({ counts: { visible: 7, delayed: 100, inFlight: 2 } }) as never,
      },
      ledgers: {
        read: async (fact) => (fact in facts ? ({ value: facts[fact], revision: 1 } as never) : undefined),
      },
      health: { callTimes: async () => undefined },
    },
  });

describe('what a burst would be planned by', () => {
  it('is what is applied, what waits or runs, and what tasks took of late', async () => {
    const applied = target({
      concurrency: 3,
      rateLimit: { tasks: 5, perSeconds: 10 },
      spread: { maxConcurrency: 2 },
      timeoutSeconds: 40,
    });
    const stage = stageWith(settledStatus({ applied }), { [measuredFact('a')]: measured });
    expect(await createTaskDesk(stage).outlook('a')).toEqual({
      pipelineId: 'a',
      bounds: { concurrency: 3, rateLimits: [{ tasks: 5, perSeconds: 10 }], backlog: 9 },
      spread: { maxConcurrency: 2 },
      measured: { meanSeconds: 2, p95Seconds: 5 },
      timeoutSeconds: 40,
      messageRetentionSeconds: applied.wanted.messageRetentionSeconds,
      isPaused: false,
    });
  });

  it.each<[string, Record<string, unknown>, GroupState | undefined, object]>([
    ['is paused', { paused: true }, undefined, { kind: 'paused', remedy: { field: 'paused' } }],
    [
      'has its breaker forced open',
      { breaker: { force: 'open' } },
      undefined,
      { kind: 'forcedOpen', says: expect.stringContaining('7 tasks waiting') },
    ],
    [
      'has its breaker open',
      { breaker: {} },
      { breaker: { state: 'open', sinceMs: NOW_MS, untilMs: NOW_MS + 60_000, opened: 1 } },
      { kind: 'breakerOpen', says: expect.stringContaining('in 1 min') },
    ],
    [
      'is held',
      {},
      { hold: { sinceMs: NOW_MS, untilMs: NOW_MS + 60_000, cause: 'throttled', guesses: 0 } },
      { kind: 'held' },
    ],
  ])(
    'says what stops its tasks where it %s, also where its record is rejected',
    async (_, fields, group, stopped) => {
      const status = settledStatus({ applied: target(fields), phase: 'Rejected' });
      expect(await createTaskDesk(stageWith(status, {}, group)).outlook('a')).toMatchObject({ stopped });
    },
  );

  it.each<[string, StatusRecord | undefined, string, object]>([
    ['is unknown', undefined, 'b', { code: 'Unknown' }],
    ['is being made', unmade({ phase: 'Creating' }), 'a', { code: 'NotPossible' }],
    [
      'is taken down',
      settledStatus({ phase: 'Draining', closing: { sinceMs: 0, processingOver: false } }),
      'a',
      { code: 'NotPossible', message: expect.stringContaining('add its config record again') },
    ],
  ])('is a fault where the pipeline %s', async (_, status, id, fault) => {
    await expect(createTaskDesk(stageWith(status)).outlook(id)).rejects.toMatchObject(fault);
  });
});

describe('what the stage’s functions refuse', () => {
  const refusing = (error: Error) =>
    createTaskDesk(
      stageOfFakes({
        answer: () => {
          throw error;
        },
      }),
    );
  const failed = (code: string) => new CallFailed('sluice-dev-trigger', code, 'so it is');

  it.each([
    ['UnknownPipeline', 'Unknown'],
    ['InvalidInput', 'Invalid'],
    ['Impossible', 'NotPossible'],
    ['BurstIdTaken', 'Conflict'],
  ])('%s is the fault %s, without the function’s name', async (code, fault) => {
    const sent = refusing(failed(code)).send({ pipelineId: 'a', count: 1 });
    await expect(sent).rejects.toMatchObject({ name: 'DeskFault', code: fault, message: 'so it is' });
  });

  it('is thrown as it is where it is no refusal', async () => {
    await expect(refusing(failed('TypeError')).redrive('a', {})).rejects.toMatchObject({ code: 'TypeError' });
  });

  it('says that a stage is not there whose function is not', async () => {
    const gone = new AwsError({
      code: 'ResourceNotFoundException',
      message: 'no function',
      operation: 'lambda:Invoke',
      requestId: undefined,
      retryable: false,
      cause: undefined,
    });
    await expect(refusing(gone).steerBurst('b', { cancel: true })).rejects.toMatchObject({
      code: 'Unreachable',
    });
  });
});

describe('the stage’s functions', () => {
  it('are called by their names, with whom it is about', async () => {
    const stage = stageOfFakes({});
    const desk = createTaskDesk(stage);
    await desk.send({ pipelineId: 'a', count: 3 });
    await desk.steerBurst('b', { replan: { spread: { maxConcurrency: 1 } } });
    await desk.redrive('a', { first: 2 });
    expect(stage.called).toEqual([
      { name: 'sluice-dev-trigger', input: { pipelineId: 'a', count: 3 } },
      {
        name: 'sluice-dev-burst',
        input: { burstId: 'b', replan: { spread: { maxConcurrency: 1 } } },
      },
      { name: 'sluice-dev-redrive', input: { pipelineId: 'a', first: 2 } },
    ]);
  });
});

describe('dead letters', () => {
  it('of no pipeline are a fault', async () => {
    const stage = stageOfFakes({ ports: { queues: fakeQueue([]).port } });
    expect((await createTaskDesk(stage).deadLetters('a')).total).toBe(0);
    await expect(createTaskDesk(stage).deadLetters('b')).rejects.toMatchObject({ code: 'Unknown' });
  });
});

describe('bursts', () => {
  it('that there are not are a fault', async () => {
    const stage = stageOfFakes({ ports: { bursts: { read: async () => undefined } } });
    await expect(createTaskDesk(stage).burst('b')).rejects.toMatchObject({ code: 'Unknown' });
  });
});

describe('tasks that are kept', () => {
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await startFakeAws(2_000);
  });
  afterEach(() => aws.stop());

  it('are the same object whenever they are the same tasks', async () => {
    const desk = createTaskDesk(stageOfFakes({ clients: aws.clients }));
    const keep = (text: string) => desk.keepTasks(new TextEncoder().encode(text));
    const [one, same, other] = [await keep('{}\n'), await keep('{}\n'), await keep('{"a":1}\n')];
    expect(one).toEqual({
      bucket: 'the-BurstBucket',
      key: expect.stringMatching(/^sent\/[0-9a-f]{64}\.jsonl$/),
    });
    expect(same).toEqual(one);
    expect(other.key).not.toBe(one.key);
    expect(aws.seen).toHaveLength(3);
  });
});
