import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../../../../aws/errors.ts';
import { partsIdOf } from '../../../../core/burst/place.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { tick } from '../reconciler/tick.ts';
import { stageWith } from '../simulated-stage.ts';
import { attempt, copies, insistently } from './sending/attempts.ts';
import { ask, burstOf, RESTING, untilIn } from './slices.ts';

const HOUR = { minSeconds: 0, maxSeconds: 3_600 };
const DAY_SECONDS = 86_400;

/** From now on SQS refuses every call that sends, until the answer is called. */
function denySending(world: World): () => void {
  const { traffic } = world.queues;
  const send = traffic.send.bind(traffic);
  traffic.send = () => {
    throw new AwsError({
      code: 'AccessDenied',
      message: 'not allowed to use the key',
      operation: 'sqs:SendMessage',
      requestId: undefined,
      retryable: false,
      cause: undefined,
    });
  };
  return () => {
    traffic.send = send;
  };
}

function everyOnce(count: number): number[] {
  return Array.from({ length: count }, () => 1);
}

describe('a pipeline that is deleted in the middle of a round', () => {
  it('has its burst paused, with nothing refused and the rest still to be sent', async () => {
    const world = await stageWith(RESTING);
    await insistently(world, { pipelineId: 'a', count: 150_000, burstId: 'b' });
    await world.pass(6);
    expect(burstOf(world).state).toBe('Sending');
    world.configs.remove('a');
    const record = await untilIn(world, ['Paused', 'Sent'], 600);
    expect(record).toMatchObject({
      state: 'Paused',
      total: 150_000,
      refusals: [],
      because: expect.stringContaining('add its config record again'),
    });
    const { totals, unsent } = await ask(world, { status: true });
    expect(totals.refused).toBe(0);
    expect(unsent).toBeGreaterThan(0);
    await world.pass(4_000);
    world.configs.put('a', RESTING);
    await world.pass(300);
    await ask(world, { resume: true });
    await untilIn(world, ['Sent'], 600);
    expect(world.bursts.readSent(partsIdOf(record))).toMatchObject({
      fromIndex: 150_000,
      accepted: 150_000,
      refused: 0,
    });
  }, 60_000);
});

describe('a queue that refuses every call', () => {
  it('has the burst of the machine tried again for five minutes and then paused, from where it goes on', async () => {
    const world = await stageWith(RESTING);
    await insistently(world, { pipelineId: 'a', count: 400, spread: HOUR, burstId: 'b' });
    await world.pass(60);
    const allow = denySending(world);
    const waiting = await untilStuck(world);
    expect((await ask(world, { status: true })).message).toContain('not allowed to use the key');
    const record = await untilIn(world, ['Paused', 'Sent'], 4_000);
    expect(record).toMatchObject({ state: 'Paused', because: expect.stringContaining('AccessDenied') });
    expect((record.pausedAtMs ?? 0) - (waiting.stuckSinceMs ?? 0)).toBeGreaterThanOrEqual(300_000);
    expect(record.refusals).toEqual([]);
    allow();
    await ask(world, { resume: true });
    expect(await untilIn(world, ['Sent'])).not.toHaveProperty('because');
    expect([...copies(world, 'a').values()]).toEqual(everyOnce(400));
  });

  it('for a while only has it go on by itself', async () => {
    const world = await stageWith(RESTING);
    await insistently(world, { pipelineId: 'a', count: 400, spread: HOUR, burstId: 'b' });
    await world.pass(60);
    const allow = denySending(world);
    await untilStuck(world);
    await world.pass(60);
    allow();
    const record = await untilIn(world, ['Sent', 'Paused']);
    expect(record.state).toBe('Sent');
    expect(record).not.toHaveProperty('stuckSinceMs');
    expect([...copies(world, 'a').values()]).toEqual(everyOnce(400));
  });

  it('has the burst of a call kept and handed to the machine, and the answer says so', async () => {
    const world = await stageWith(RESTING);
    const tasks = Array.from({ length: 25_000 }, (_, n) => n);
    let allow = () => {};
    world.clock.after(300, () => {
      allow = denySending(world);
    });
    const end = await attempt(world, { pipelineId: 'a', tasks, burstId: 'b' });
    expect(end).toMatchObject({
      kind: 'answered',
      result: {
        state: 'sending',
        total: 25_000,
        notAccepted: 0,
        failed: [],
        note: expect.stringContaining('AccessDenied'),
      },
    });
    expect((await untilIn(world, ['Paused', 'Sent'], 600)).state).toBe('Paused');
    const again = await insistently(world, { pipelineId: 'a', tasks, burstId: 'b' });
    expect(again).toMatchObject({ state: 'sending', note: expect.stringContaining('resume it') });
    allow();
    await ask(world, { resume: true });
    await untilIn(world, ['Sent']);
    expect(copies(world, 'a').size).toBe(25_000);
  }, 60_000);
});

async function untilStuck(world: World) {
  for (let passed = 0; passed < 4_000; passed += 5) {
    if (burstOf(world).stuckSinceMs !== undefined) return burstOf(world);
    await world.pass(5);
  }
  throw new Error('never stuck');
}

describe('a pipeline that is never ready again', () => {
  it('has its burst paused after an hour, and nobody asks any more', async () => {
    const world = await stageWith(RESTING);
    await insistently(world, { pipelineId: 'a', count: 400, spread: HOUR, burstId: 'b' });
    await world.pass(60);
    world.configs.remove('a');
    await untilIn(world, ['Paused']);
    await world.pass(4_000);
    world.configs.put('a', { pipelineId: 'a', nonsense: 1 });
    await world.pass(60);
    await ask(world, { resume: true });
    const resumedMs = world.nowMs();
    const record = await untilIn(world, ['Paused'], 2 * 3_600);
    expect(record.because).toContain('never made');
    expect(world.nowMs() - resumedMs).toBeLessThan(4_000_000);
    expect([...world.burstRuns.running]).toEqual([]);
    const { revision } = record;
    await world.pass(4 * DAY_SECONDS);
    await tick(world);
    expect(burstOf(world).revision).toBeLessThanOrEqual(revision + 1);
  }, 60_000);
});

describe('a burst that has begun, and whose mark is gone', () => {
  it('is given up and says why, and nothing of it is sent again', async () => {
    const world = await stageWith(RESTING);
    await insistently(world, { pipelineId: 'a', count: 400, spread: HOUR, burstId: 'b' });
    await world.pass(60);
    const sent = copies(world, 'a').size;
    expect(sent).toBeGreaterThan(0);
    await ask(world, { pause: true });
    const paused = burstOf(world);
    // Its parts are those of another one by that.
    world.bursts.write({ ...paused, createdAtMs: paused.createdAtMs + 1 });
    await ask(world, { resume: true });
    const record = await untilIn(world, ['Sent'], 600);
    expect(record).toMatchObject({
      isCancelled: true,
      total: 400,
      because: expect.stringContaining('30 days'),
    });
    expect([...copies(world, 'a').values()]).toEqual(everyOnce(sent));
  });
});
