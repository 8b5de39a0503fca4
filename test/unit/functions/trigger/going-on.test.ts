import { describe, expect, it } from '@jest/globals';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { attempt, copies, faultsAt, insistently } from '../burst/sending/attempts.ts';
import { burstOf, RESTING } from '../burst/slices.ts';
import { partsIdIn } from '../burst-record.ts';
import { messagesOf, stageWith } from '../simulated-stage.ts';

async function failureOf(world: World, input: object, requestId = 'request') {
  const end = await attempt(world, input, { requestId });
  return end.kind === 'failed' ? end.error : end;
}

describe('a burst that is handed over again', () => {
  it('under its id is the same one, where its tasks are the same', async () => {
    const world = await stageWith(RESTING, { pipelineId: 'c', paused: true });
    const input = { pipelineId: 'a', tasks: ['x', 'y'], burstId: 'b' };
    await insistently(world, input, 'first');
    expect(await insistently(world, input, 'second')).toMatchObject({ accepted: 2, state: 'sent' });
    expect(messagesOf(world, 'a')).toHaveLength(2);
    for (const other of [
      { tasks: ['x', 'z'] },
      { tasks: ['x'] },
      { tasks: undefined, count: 2 },
      { pipelineId: 'c' },
    ]) {
      expect(await failureOf(world, { ...input, ...other })).toMatchObject({
        name: 'BurstIdTaken',
        retryable: false,
      });
    }
    expect(messagesOf(world, 'c')).toEqual([]);
  });

  it('keeps its spread, and says so where another one is given', async () => {
    const world = await stageWith(RESTING);
    const input = { pipelineId: 'a', tasks: ['x', 'y'], burstId: 'b' };
    const spread = { minSeconds: 0, maxSeconds: 10 };
    const first = await insistently(world, { ...input, spread });
    expect(await insistently(world, { ...input, spread: { maxSeconds: 10, minSeconds: 0 } })).toEqual(first);
    expect(await insistently(world, input)).toEqual(first);
    const other = await insistently(world, { ...input, spread: { minSeconds: 0, maxSeconds: 20 } });
    expect(other).toEqual({ ...first, note: expect.stringContaining('as it was planned') });
  });

  it('without an id is the same one for the retries of one call, and another one for another call', async () => {
    const world = await stageWith(RESTING);
    const input = { pipelineId: 'a', count: 300 };
    faultsAt(world, new Map([[12, 'crashBefore']]));
    expect((await attempt(world, input, { requestId: 'first' })).kind).toBe('crashed');
    expect(await attempt(world, input, { requestId: 'first' })).toMatchObject({
      result: { burstId: 'first', accepted: 300 },
    });
    expect(await insistently(world, input, 'second')).toMatchObject({ burstId: 'second', accepted: 300 });
    expect(
      new Set(messagesOf(world, 'a').map(({ attributes }) => attributes['sluice-burst']?.value)),
    ).toEqual(new Set([partsIdIn(world, 'first'), partsIdIn(world, 'second')]));
  });

  it('is not refused for a backlog that it has made itself', async () => {
    const world = await stageWith({ ...RESTING, maxBacklog: 300 });
    const input = { pipelineId: 'a', count: 300, burstId: 'b' };
    faultsAt(world, new Map([[20, 'crashAfter']]));
    expect((await attempt(world, input)).kind).toBe('crashed');
    expect(messagesOf(world, 'a').length).toBeGreaterThan(0);
    expect(await insistently(world, input)).toMatchObject({ accepted: 300 });
  });

  it('tells again what SQS has refused for good', async () => {
    const world = await stageWith(RESTING);
    const input = { pipelineId: 'a', count: 30, burstId: 'b' };
    const change: NonNullable<Parameters<typeof attempt>[2]>['change'] = (ports) => ({
      ...ports,
      queues: Object.assign(Object.create(ports.queues), {
        send: async (url: string, messages: Parameters<typeof ports.queues.send>[1]) => {
          await ports.queues.send(
            url,
            messages.filter(({ id }) => id !== '7'),
          );
          return messages
            .filter(({ id }) => id === '7')
            .map(({ id }) => ({ id, code: 'InvalidMessageContents', senderFault: true }));
        },
      }),
    });
    const first = await attempt(world, input, { change });
    const told = { accepted: 29, notAccepted: 1, failed: [{ index: 7, code: 'InvalidMessageContents' }] };
    expect(first).toMatchObject({ result: told });
    expect(await insistently(world, input)).toMatchObject(told);
    expect(copies(world, 'a').has(7)).toBe(false);
  });
});

describe('the record of a burst', () => {
  it('says what is sent, by which plan, and that it is counted unless the group has progress off', async () => {
    const world = await stageWith(RESTING, { pipelineId: 'c', paused: true, progress: false });
    const spread = { minSeconds: 10, maxSeconds: 100 };
    await insistently(world, { pipelineId: 'a', count: 200, spread, burstId: 'b' });
    expect(burstOf(world)).toMatchObject({
      pipelineId: 'a',
      state: 'Sent',
      total: 200,
      given: 200,
      isCounted: true,
      source: { kind: 'numbered' },
      segments: [{ fromIndex: 0, plan: { count: 200, window: spread } }],
      sentAtMs: expect.any(Number),
      checkAtMs: expect.any(Number),
    });
    await insistently(world, { pipelineId: 'c', count: 1, burstId: 'd' });
    expect(burstOf(world, 'd').isCounted).toBe(false);
  });
});

describe('a goal that the pipeline cannot reach', () => {
  const spread = { finishWithinSeconds: 30 };

  it('is refused where the burst asks for it, with what is possible', async () => {
    const world = await stageWith({ ...RESTING, concurrency: 10 });
    const refused = await failureOf(world, { pipelineId: 'a', count: 1_000, spread });
    expect(refused).toMatchObject({ name: 'Impossible', retryable: false });
    expect(String(refused)).toContain('30 s needs 34 at once; this pipeline has 10: 102 s');
    expect(messagesOf(world, 'a')).toEqual([]);
    expect(world.bursts.records.size).toBe(0);
  });

  it('is kept as well as it can be where it is the group’s default, and the answer says so', async () => {
    const world = await stageWith({ ...RESTING, concurrency: 10, spread });
    const result = await insistently(world, { pipelineId: 'a', count: 1_000 });
    expect(result).toMatchObject({ accepted: 1_000, note: expect.stringContaining('30 s') });
  });
});

describe('a plan that delays tasks for longer than the queue keeps them', () => {
  const group = { ...RESTING, messageRetentionSeconds: 120, concurrency: 10, timeoutSeconds: 60 };
  const tasks = Array.from({ length: 100 }, (_, n) => ({ n, estimatedSeconds: 8 }));

  it.each([
    ['the group’s own', { spread: { maxConcurrency: 1 } }, {}],
    ['the burst’s own', {}, { spread: { maxConcurrency: 1 } }],
  ])('is refused before anything is sent, with the least retention: %s', async (_whose, record, own) => {
    const world = await stageWith({ ...group, ...record });
    const refused = await failureOf(world, { pipelineId: 'a', tasks, ...own });
    expect(refused).toMatchObject({ name: 'Impossible', retryable: false });
    expect(String(refused)).toMatch(/messageRetentionSeconds of pipeline a must be \d+ or more, and is 120/);
    expect(messagesOf(world, 'a')).toEqual([]);
    expect(world.bursts.records.size).toBe(0);
  });

  it('is refused to a replan, too', async () => {
    const world = await stageWith({ ...group, messageRetentionSeconds: 160 });
    const window = { minSeconds: 50, maxSeconds: 100 };
    await insistently(world, { pipelineId: 'a', count: 100_001, spread: window, burstId: 'b' });
    world.bursts.write({ ...burstOf(world), replan: { kind: 'goal', goal: { maxConcurrency: 1 } } });
    await world.pass(3_700);
    expect(burstOf(world)).toMatchObject({
      state: 'Paused',
      because: expect.stringContaining('messageRetentionSeconds'),
    });
  });
});

describe('what does not fit into one call', () => {
  it.each([
    [
      'a window beyond what SQS holds back',
      { tasks: ['x', 'y'], spread: { minSeconds: 0, maxSeconds: 3_600 } },
    ],
    ['very many tasks', { count: 100_001 }],
  ])('goes on in the machine: %s', async (_what, input) => {
    const world = await stageWith(RESTING);
    const result = await insistently(world, { pipelineId: 'a', burstId: 'b', ...input });
    expect(result).toMatchObject({ state: 'sending', accepted: 0, failed: [] });
    const { driver, source } = burstOf(world);
    expect([...world.burstRuns.byName.keys()]).toEqual([driver?.owner]);
    expect(source.kind).not.toBe('inline');
  });

  it('is kept as lines and goes on in the machine where time runs out', async () => {
    const world = await stageWith(RESTING);
    const input = { pipelineId: 'a', tasks: Array.from({ length: 20_000 }, (_, n) => ({ n })), burstId: 'b' };
    // Of which the hand-over and the last call take twenty: far less than all of it takes at 5 ms a way.
    const end = await attempt(world, input, { seconds: 21 });
    expect(end).toMatchObject({ kind: 'answered', result: { state: 'sending', total: 20_000 } });
    const sent = world.bursts.readSent(partsIdIn(world, 'b'));
    expect(sent?.fromIndex).toBeGreaterThan(0);
    expect(sent?.fromIndex).toBeLessThan(20_000);
    const { source, driver } = burstOf(world);
    expect(driver).toBeDefined();
    if (source.kind !== 'object') throw new Error('its tasks are not kept');
    const lines = Buffer.from(world.taskObjects.piece(source, sent?.fromByte ?? 0)).toString();
    expect(lines.slice(0, lines.indexOf('\n'))).toBe(`{"n":${sent?.fromIndex}}`);
  });

  it('is not sent by the trigger once the machine has it', async () => {
    const world = await stageWith(RESTING);
    const input = { pipelineId: 'a', count: 100_001, burstId: 'b' };
    world.burstRuns.start = () => 'started';
    await insistently(world, input);
    const again = await insistently(world, input);
    expect(again).toMatchObject({ state: 'sending', accepted: 0 });
    expect(messagesOf(world, 'a')).toEqual([]);
  });
});
