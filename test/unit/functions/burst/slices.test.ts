import { describe, expect, it } from '@jest/globals';
import { ROUNDS_MOST } from '../../../../core/machine-step.ts';
import { sendSliceStep } from '../../../../functions/burst/steps/SendSlice.ts';
import { partsIdIn } from '../burst-record.ts';
import { run, stageIn, stageWith } from '../simulated-stage.ts';
import { attempt, copies, insistently } from './sending/attempts.ts';
import { ask, burstOf, plannedMs, RESTING, sentTasks, untilIn } from './slices.ts';

const HOUR = { minSeconds: 0, maxSeconds: 3_600 };
/** From the moment of sending to the queue, and the width of a phase. */
const NEAR_MS = 200;

describe('a burst of a window beyond what SQS holds back', () => {
  it('comes slice by slice, each task at its planned moment', async () => {
    const world = await stageWith(RESTING);
    const result = await insistently(world, { pipelineId: 'a', count: 2_000, spread: HOUR, burstId: 'b' });
    expect(result).toMatchObject({ state: 'sending', accepted: 0, total: 2_000 });
    await world.pass(60);
    const early = sentTasks(world);
    expect(early.length).toBeGreaterThan(300);
    expect(early.length).toBeLessThan(700);
    const record = await untilIn(world, ['Sent']);
    const planned = plannedMs(record);
    const sent = sentTasks(world);
    expect(sent.map(({ index }) => index)).toEqual(planned.map((_, index) => index));
    const offMs = sent.map(({ index, dueMs }) => Math.abs(dueMs - (planned[index] ?? 0)));
    expect(Math.max(...offMs)).toBeLessThan(NEAR_MS);
    const handedOverMs = record.segments[0]?.startMs ?? 0;
    expect(Math.max(...sent.map(({ dueMs }) => dueMs))).toBeGreaterThan(handedOverMs + 3_500_000);
    expect([...world.burstRuns.running]).toEqual([]);
    expect([...world.burstRuns.byName.values()].map(({ status }) => status)).toEqual(['SUCCEEDED']);
  });

  it('waits for the first task of a window that begins late, and sends nothing before', async () => {
    const world = await stageWith(RESTING);
    const spread = { minSeconds: 36_000, maxSeconds: 40_000 };
    await insistently(world, { pipelineId: 'a', tasks: ['x', 'y', 'z'], spread, burstId: 'b' });
    await world.pass(35_000);
    expect(sentTasks(world)).toEqual([]);
    const record = await untilIn(world, ['Sent']);
    expect(sentTasks(world).map(({ dueMs }) => Math.round((dueMs - record.createdAtMs) / 1000))).toEqual(
      plannedMs(record).map((ms) => Math.round((ms - record.createdAtMs) / 1000)),
    );
  });

  it('takes tasks out of S3, those of a call that were kept there, too', async () => {
    const world = await stageWith(RESTING);
    const lines = Array.from({ length: 300 }, (_, n) => `{"n":${n},"estimatedSeconds":${(n % 7) + 1}}`);
    world.taskObjects.put('documents', 'all.jsonl', lines.join('\n'));
    const source = { bucket: 'documents', key: 'all.jsonl' };
    await insistently(world, { pipelineId: 'a', source, spread: HOUR, burstId: 'b' });
    const record = await untilIn(world, ['Sent']);
    expect(record.segments[0]?.plan.estimate.source).toBe('tasks');
    expect([...copies(world, 'a').values()]).toEqual(lines.map(() => 1));
    expect(world.taskObjects.find('documents', 'all.jsonl')).toBeDefined();
  });

  it('goes on where it was, also with hundreds of slots, without reading what it has sent', async () => {
    const world = await stageWith({ ...RESTING, concurrency: 500, timeoutSeconds: 300 });
    const text = Array.from({ length: 9_000 }, (_, n) => `{"estimatedSeconds":${60 + (n % 200)}}\n`).join('');
    world.taskObjects.put('documents', 'all.jsonl', text);
    const begins: number[] = [];
    const piece = world.taskObjects.piece.bind(world.taskObjects);
    world.taskObjects.piece = (source, fromByte) => {
      begins.push(fromByte);
      return piece(source, fromByte);
    };
    const source = { bucket: 'documents', key: 'all.jsonl' };
    await insistently(world, { pipelineId: 'a', source, spread: HOUR, burstId: 'b' });
    const { segments } = await untilIn(world, ['Sent']);
    const starts = segments[0]?.plan.starts;
    expect(starts?.kind === 'slots' && starts.slots).toBeGreaterThan(100);
    expect([...copies(world, 'a').values()]).toEqual(Array.from({ length: 9_000 }, () => 1));
    // Once to be measured, and until the first round is sent.
    expect(begins.lastIndexOf(0)).toBeLessThan(begins.length / 2);
  });

  it('hands over to a successor after many steps, which goes on', async () => {
    const world = await stageWith(RESTING);
    await insistently(world, { pipelineId: 'a', count: 400, spread: HOUR, burstId: 'b' });
    await world.pass(30);
    const owner = burstOf(world).driver?.owner ?? '';
    const end = await run(world, (ports, deadlineMs) =>
      sendSliceStep({ burstId: 'b', owner, rounds: ROUNDS_MOST + 1, deadlineMs }, ports, world.settings),
    );
    expect(end.outcome).toBe('over');
    expect(burstOf(world).driver?.executions).toBe(2);
    expect(world.burstRuns.running.size).toBe(2);
    await untilIn(world, ['Sent']);
    expect([...copies(world, 'a').values()]).toEqual(Array.from({ length: 400 }, () => 1));
    await world.pass(10);
    expect([...world.burstRuns.byName.values()].map(({ status }) => status)).toEqual([
      'SUCCEEDED',
      'SUCCEEDED',
    ]);
  });
});

describe('a burst whose pipeline', () => {
  it('is deleted is paused and says so, and goes on in one of the same id when it is resumed', async () => {
    const world = await stageWith({ ...RESTING, onDelete: 'discard' });
    await insistently(world, { pipelineId: 'a', count: 500, spread: HOUR, burstId: 'b' });
    await world.pass(60);
    world.configs.remove('a');
    const record = await untilIn(world, ['Paused', 'Sent'], 4_000);
    expect(record).toMatchObject({
      state: 'Paused',
      because: expect.stringContaining('there is no pipeline a '),
    });
    expect([...world.burstRuns.running]).toEqual([]);

    const { fromIndex } = world.bursts.readSent(partsIdIn(world, 'b')) ?? { fromIndex: 0 };
    expect(fromIndex).toBeGreaterThan(0);
    world.configs.put('a', RESTING);
    await world.pass(300);
    await ask(world, { resume: true });
    await untilIn(world, ['Sent']);
    expect(sentTasks(world).map(({ index }) => index)).toEqual(
      Array.from({ length: 500 - fromIndex }, (_, at) => fromIndex + at),
    );
  });

  it('has no room for long is waited for', async () => {
    const world = await stageIn({}, RESTING);
    const input = { pipelineId: 'a', count: 100, spread: HOUR, burstId: 'b' };
    expect((await attempt(world, input)).kind).toBe('answered');
    await world.pass(30);
    const status = world.statuses.read('a');
    if (status === undefined) throw new Error('no status');
    world.statuses.write({ ...status, phase: 'Creating' });
    await world.pass(900);
    expect(burstOf(world).state).toBe('Sending');
    const now = world.statuses.read('a');
    if (now !== undefined) world.statuses.write({ ...now, phase: 'Paused' });
    await untilIn(world, ['Sent']);
    expect(copies(world, 'a').size).toBe(100);
  });
});

describe('a burst whose source changes under it', () => {
  it('counts what was sent of it, and says why there is no more', async () => {
    const world = await stageWith(RESTING);
    const text = Array.from({ length: 300 }, (_, n) => `${n}\n`).join('');
    world.taskObjects.put('documents', 'all.jsonl', text);
    const source = { bucket: 'documents', key: 'all.jsonl' };
    await insistently(world, { pipelineId: 'a', source, spread: HOUR, burstId: 'b' });
    await world.pass(60);
    world.taskObjects.put('documents', 'all.jsonl', 'other');
    const record = await untilIn(world, ['Sent']);
    const sent = sentTasks(world);
    expect(sent.length).toBeGreaterThan(0);
    expect(record).toMatchObject({
      isCancelled: true,
      total: sent.length,
      given: 300,
      because: expect.stringContaining('all.jsonl'),
    });
  });
});
