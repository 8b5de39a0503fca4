import { describe, expect, it } from '@jest/globals';
import { redriveFact } from '../../../../core/redrive/record.ts';
import { deadLettersOf, messagesOf, stageWith } from '../simulated-stage.ts';
import { ask, askDry, bury, dead, QUICK, redriveOf, stageOf, untilOver, upTo } from './letters.ts';

const letters = (count: number) => upTo(count).map((at) => ({ id: `x${at}`, reason: 'bad' }));
const slow = { rateLimit: { tasks: 6, perSeconds: 60 } };

describe('a redrive under way', () => {
  it('is stopped by hand, at once, and what it has not sent stays', async () => {
    const world = await stageOf(letters(40), slow);
    await ask(world);
    await world.pass(60);
    const stopped = await ask(world, { stop: true });
    expect(stopped).toMatchObject({ state: 'Stopped', message: 'stopped by hand' });
    expect(stopped.left + stopped.sent).toBe(40);
    await world.pass(600);
    expect(dead(world)).toHaveLength(40 - stopped.sent);
    expect([...world.redrives.running]).toEqual([]);
    expect(await ask(world, { stop: true })).toMatchObject({ state: 'Stopped', sent: stopped.sent });
  });

  it('stops in the middle of a step, with what was counted', async () => {
    const world = await stageOf(letters(40), { concurrency: 100 });
    await ask(world);
    // The step sends ten at a time, and writes that before; somebody stops it after the second.
    let writes = 0;
    world.calls.observers.push(({ operation, caller }) => {
      if (caller.functionName !== 'redrive' || operation !== 'ledgers.write') return;
      writes += 1;
      if (writes !== 2) return;
      const { value, revision } = world.ledgers.read(redriveFact('a')) ?? { value: {}, revision: 0 };
      const stopped = { ...(value as object), state: 'Stopped', because: 'stopped by hand' };
      world.ledgers.write(redriveFact('a'), stopped, revision);
    });
    await world.pass(30);
    expect(redriveOf(world)).toMatchObject({ state: 'Stopped', sent: 20 });
    expect(dead(world)).toHaveLength(20);
    const nowMs = world.nowMs();
    // What it had received is back at once.
    expect(deadLettersOf(world, 'a').filter(({ visibleAtMs }) => visibleAtMs > nowMs)).toEqual([]);
  });

  it('is the only one of its pipeline: the same goes on, another is refused', async () => {
    const world = await stageOf(letters(40), slow);
    const { redriveId } = await ask(world, { reason: 'bad' });
    expect(await ask(world, { reason: 'bad' })).toMatchObject({
      redriveId,
      message: 'it is under way already',
    });
    await expect(ask(world, { first: 3 })).rejects.toMatchObject({
      code: 'NotPossible',
      message:
        'pipeline a has a redrive under way, all of reason "bad", maxRedrives 3 — wait until it is over, or stop it first with {"pipelineId": "a", "stop": true}',
    });
    expect(world.redrives.started.size).toBe(1);
    await ask(world, { stop: true });
    expect((await ask(world, { first: 3 })).redriveId).not.toBe(redriveId);
  });

  it('says how far it is', async () => {
    const world = await stageOf(letters(40), slow);
    expect(await ask(world, { status: true })).toEqual({
      pipelineId: 'a',
      state: 'None',
      sent: 0,
      left: 40,
      skipped: { otherReason: 0, newer: 0, tooOften: 0, notSent: 0 },
      message: 'this pipeline has had no redrive',
    });
    await ask(world, { first: 30 });
    await world.pass(120);
    const progress = await ask(world, { status: true });
    expect(progress).toMatchObject({
      state: 'Running',
      first: 30,
      waitsFor: 'pace',
      message: 'it goes on as fast as the group’s limits allow',
      startedAt: expect.stringMatching(/^2026-/),
    });
    expect(progress.sent).toBeGreaterThan(3);
    expect(progress.sent + progress.left).toBe(40);
  });

  it('goes on in another execution where its own has ended, once that is sure', async () => {
    const world = await stageOf(letters(40), slow);
    const { redriveId } = await ask(world, { first: 20 });
    await world.pass(60);
    const { sent } = redriveOf(world);
    for (const execution of world.redrives.running) execution.abort();
    await world.pass(300);
    expect(await ask(world, { first: 20 })).toMatchObject({ message: 'it is under way already' });
    await world.pass(900);
    expect(await ask(world, { status: true })).toMatchObject({
      state: 'Running',
      sent,
      message: 'nothing drives it any more: ask for the same again, and it goes on',
    });
    expect(await ask(world, { first: 20 })).toMatchObject({
      redriveId,
      message: 'its execution had ended: another goes on where it stopped',
    });
    expect(await untilOver(world)).toMatchObject({ sent: 20, executions: 2, redriveId });
    expect(dead(world)).toHaveLength(20);
  });

  it('goes on in one execution after another where it is long, and fills no history', async () => {
    const world = await stageOf(letters(600), { rateLimit: { tasks: 1, perSeconds: 30 } });
    await ask(world);
    await untilOver(world, 100_000);
    const executions = [...world.redrives.byName.values()];
    expect(executions.length).toBeGreaterThan(1);
    expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'SUCCEEDED'));
    expect(redriveOf(world)).toMatchObject({ state: 'Done', sent: 600, executions: executions.length });
    expect(Math.max(...executions.map(({ events }) => events))).toBeLessThan(5_000);
  });

  it('ends where its pipeline is taken down, and leaves the letters to salvage', async () => {
    const world = await stageOf(letters(40), slow);
    await ask(world);
    await world.pass(60);
    world.configs.remove('a');
    await world.pass(400);
    expect(redriveOf(world)).toMatchObject({
      state: 'Stopped',
      because: expect.stringMatching(/pipeline is/),
    });
    expect([...world.redrives.running]).toEqual([]);
  });

  it('wakes a pipeline that rests', async () => {
    const world = await stageWith({ ...QUICK, restWhenIdleSeconds: 300 });
    world.reconciles = true;
    await world.pass(1_200);
    world.reconciles = false;
    expect(world.statuses.read('a')?.resting).toBe(true);
    bury(world, letters(5));
    await world.pass(60);
    await ask(world);
    await untilOver(world);
    await world.pass(120);
    expect(messagesOf(world, 'a')).toEqual([]);
    expect(world.book.runs).toHaveLength(5);
  });

  it.each([
    ['is not there', 'b', 'UnknownPipeline', /there is no pipeline b/],
    ['is taken down', 'a', 'Draining', /takes no more tasks/],
  ])('does not begin where the pipeline %s', async (_what, pipelineId, code, message) => {
    const world = await stageOf(letters(3));
    world.send('a', 5_000, { seconds: 5 });
    world.configs.remove('a');
    await world.pass(90);
    await expect(ask(world, { pipelineId })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('a dry run', () => {
  it('says what would be sent and why others would stay, sends none, and puts all back', async () => {
    const world = await stageOf([
      ...letters(12),
      { id: 'moved' },
      { id: 'often', reason: 'bad', redrives: 3 },
      { id: 'wordy', reason: 'w'.repeat(200) },
    ]);
    expect(await askDry(world, { reason: 'bad' })).toEqual({
      pipelineId: 'a',
      dryRun: true,
      left: 15,
      sampled: 15,
      matching: 12,
      skipped: { otherReason: 2, newer: 0, tooOften: 1 },
      reasons: [
        { reason: 'bad', letters: 13 },
        { reason: 'maxReceiveCount', letters: 1 },
        { reason: `${'w'.repeat(120)}*`, letters: 1 },
      ],
      perSecond: 1,
      message: 'nothing was sent: 12 of the 15 dead letters that were looked at would be',
    });
    const nowMs = world.nowMs();
    expect(deadLettersOf(world, 'a').filter(({ visibleAtMs }) => visibleAtMs <= nowMs)).toHaveLength(15);
    expect(messagesOf(world, 'a')).toEqual([]);
    expect(world.ledgers.read(redriveFact('a'))).toBeUndefined();
    await ask(world, { reason: `${'w'.repeat(120)}*` });
    expect(await untilOver(world)).toMatchObject({ sent: 1 });
  });

  it('of very many looks at a thousand or so', async () => {
    const world = await stageOf(letters(1_500));
    const { sampled, left, matching } = await askDry(world);
    expect([sampled, left, matching]).toEqual([1_000, 1_500, 1_000]);
    const nowMs = world.nowMs();
    expect(deadLettersOf(world, 'a').filter(({ visibleAtMs }) => visibleAtMs <= nowMs)).toHaveLength(1_500);
  });
});
