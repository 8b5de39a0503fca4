import { describe, expect, it } from '@jest/globals';
import { partsIdIn } from '../burst-record.ts';
import { messagesOf, stageWith } from '../simulated-stage.ts';
import { attempt, copies, insistently } from './sending/attempts.ts';
import { ask, burstOf, plannedMs, RESTING, sentTasks, untilIn } from './slices.ts';

const HOUR = { minSeconds: 0, maxSeconds: 3_600 };

/** A burst of an hour, a minute after it began. */
async function stageWithBurst(input: object = { count: 2_000 }) {
  const world = await stageWith(RESTING);
  await insistently(world, { pipelineId: 'a', spread: HOUR, burstId: 'b', ...input });
  await world.pass(60);
  return world;
}

describe('cancelling a burst', () => {
  it('sends nothing more, and counts what was sent; the answer says what was not', async () => {
    const world = await stageWithBurst();
    const sent = sentTasks(world).length;
    const answer = await ask(world, { cancel: true });
    expect(answer).toMatchObject({ state: 'Sent', isCancelled: true, given: 2_000, unsent: 2_000 - sent });
    expect(answer.totals).toMatchObject({ total: sent, sent });
    await world.pass(4_000);
    expect(sentTasks(world)).toHaveLength(sent);
    expect(burstOf(world)).toMatchObject({ state: 'Sent', total: sent });
    expect([...world.burstRuns.running]).toEqual([]);
  });

  it('may be asked for again, and leaves nothing to pause, resume or replan', async () => {
    const world = await stageWithBurst();
    const first = await ask(world, { cancel: true });
    const again = await ask(world, { cancel: true });
    expect(again).toMatchObject({ unsent: first.unsent, message: 'it is cancelled already' });
    for (const wish of [{ pause: true }, { resume: true }, { replan: {} }]) {
      await expect(ask(world, wish)).rejects.toMatchObject({ name: 'NotPossible' });
    }
  });

  it('of a paused burst is final', async () => {
    const world = await stageWithBurst();
    await ask(world, { pause: true });
    expect(await ask(world, { cancel: true })).toMatchObject({ state: 'Sent', isCancelled: true });
  });

  it('stops the call of the trigger that sends it, between two rounds', async () => {
    const world = await stageWith(RESTING);
    const input = { pipelineId: 'a', tasks: Array.from({ length: 40_000 }, (_, n) => n), burstId: 'b' };
    world.clock.after(2_000, () => void cancelNow());
    const cancelNow = async () => {
      const record = burstOf(world);
      world.bursts.write({ ...record, isCancelled: true });
    };
    const end = await attempt(world, input);
    expect(end).toMatchObject({ kind: 'answered', result: { state: 'sending', total: 40_000 } });
    const sent = messagesOf(world, 'a').length;
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(40_000);
    expect(world.bursts.readSent(partsIdIn(world, 'b'))?.fromIndex).toBe(sent);
  });

  it('of one that a call of the trigger has left behind is done by the machine', async () => {
    const world = await stageWith(RESTING);
    const input = { pipelineId: 'a', tasks: Array.from({ length: 60_000 }, (_, n) => n), burstId: 'b' };
    const end = await attempt(world, input, { seconds: 22 });
    expect(end.kind).toBe('answered');
    const answer = await ask(world, { cancel: true });
    expect(answer).toMatchObject({ state: 'Sent', isCancelled: true });
    expect(answer.totals.total).toBe(messagesOf(world, 'a').length);
  });
});

describe('pausing a burst', () => {
  it('sends nothing more until it is resumed, and then the rest as far apart as it was planned', async () => {
    const world = await stageWithBurst();
    const sent = sentTasks(world).length;
    expect(await ask(world, { pause: true })).toMatchObject({ state: 'Paused', unsent: 2_000 - sent });
    expect((await ask(world, { pause: true })).message).toBe('it is paused already');
    await world.pass(10_000);
    expect(sentTasks(world)).toHaveLength(sent);
    expect([...world.burstRuns.running]).toEqual([]);

    const resumedMs = world.nowMs();
    expect(await ask(world, { resume: true })).toMatchObject({ state: 'Sending' });
    const record = await untilIn(world, ['Sent']);
    const tasks = sentTasks(world);
    expect(tasks.map(({ index }) => index)).toEqual(Array.from({ length: 2_000 }, (_, index) => index));
    const late = tasks.slice(sent).map(({ dueMs }) => dueMs);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(resumedMs);
    const spanMs = Math.max(...late) - Math.min(...late);
    expect(spanMs / 3_600_000).toBeCloseTo((2_000 - sent) / 2_000, 2);
    const planned = plannedMs(record);
    const offMs = tasks.map(({ index, dueMs }) => Math.abs(dueMs - (planned[index] ?? 0)));
    expect(Math.max(...offMs)).toBeLessThan(1_100);
  });

  it('is not possible where only the caller has the tasks, and says what is', async () => {
    const world = await stageWith(RESTING);
    await insistently(world, { pipelineId: 'a', tasks: ['x'], burstId: 'b' });
    world.bursts.write({ ...burstOf(world), state: 'Sending' });
    for (const wish of [{ pause: true }, { replan: {} }]) {
      await expect(ask(world, wish)).rejects.toMatchObject({
        name: 'NotPossible',
        message: expect.stringContaining('burst b is sent by the call that has its tasks — cancel it'),
      });
    }
  });
});

describe('replanning a burst', () => {
  it('plans all that is not sent anew, from now on, and loses and repeats none', async () => {
    const world = await stageWithBurst();
    const sent = sentTasks(world).length;
    const nowMs = world.nowMs();
    const answer = await ask(world, { replan: { spread: { minSeconds: 0, maxSeconds: 600 } } });
    expect(answer.plan).toMatchObject({ count: 2_000 - sent, window: { minSeconds: 0, maxSeconds: 600 } });
    const record = await untilIn(world, ['Sent'], 700);
    expect(record.segments.map(({ fromIndex }) => fromIndex)).toEqual([0, sent]);
    expect([...copies(world, 'a').values()]).toEqual(Array.from({ length: 2_000 }, () => 1));
    const moved = sentTasks(world).slice(sent);
    expect(Math.max(...moved.map(({ dueMs }) => dueMs))).toBeLessThan(nowMs + 620_000);
  });

  it('without a spread sends all that is left at once', async () => {
    const world = await stageWithBurst();
    const answer = await ask(world, { replan: {} });
    expect(answer.plan.window).toEqual({ minSeconds: 0, maxSeconds: 0 });
    await untilIn(world, ['Sent'], 60);
    expect(copies(world, 'a').size).toBe(2_000);
  });

  it('refuses what the pipeline cannot reach, and changes nothing', async () => {
    const world = await stageWithBurst();
    const before = burstOf(world);
    await expect(ask(world, { replan: { spread: { finishWithinSeconds: 3 } } })).rejects.toMatchObject({
      name: 'Impossible',
    });
    expect(burstOf(world)).toEqual(before);
  });

  it('of a paused burst is made when it is resumed', async () => {
    const world = await stageWithBurst();
    await ask(world, { pause: true });
    await ask(world, { replan: { spread: { minSeconds: 0, maxSeconds: 100 } } });
    await world.pass(1_000);
    const sent = sentTasks(world).length;
    expect(sent).toBeLessThan(2_000);
    await ask(world, { resume: true });
    await untilIn(world, ['Sent'], 200);
    expect(burstOf(world).segments.at(-1)).toMatchObject({
      fromIndex: sent,
      plan: { window: { maxSeconds: 100 } },
    });
  });
});

describe('asking for a burst', () => {
  it('says how far it is, and begins nothing', async () => {
    const world = await stageWithBurst();
    const before = burstOf(world);
    const sent = sentTasks(world).length;
    for (const input of [{}, { status: true }]) {
      expect(await ask(world, input)).toMatchObject({
        pipelineId: 'a',
        state: 'Sending',
        given: 2_000,
        unsent: 2_000 - sent,
        totals: { total: 2_000, sent, started: 0, done: 0 },
        message: 'it is being sent',
      });
    }
    expect(burstOf(world)).toEqual(before);
  });

  it('that there is not says so', async () => {
    const world = await stageWith(RESTING);
    await expect(ask(world, { burstId: 'other' })).rejects.toMatchObject({ name: 'UnknownBurst' });
  });
});
