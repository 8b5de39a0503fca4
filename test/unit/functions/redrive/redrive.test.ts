import { describe, expect, it } from '@jest/globals';
import { deadLettersOf, messagesOf } from '../simulated-stage.ts';
import {
  ask,
  bury,
  dead,
  hideOne,
  noteOf,
  redriveOf,
  stageOf,
  stopConsumers,
  untilOver,
  upTo,
  waiting,
  worked,
} from './letters.ts';

const many = (count: number, reason: string, letter = {}) =>
  upTo(count).map((at) => ({ id: `${reason}-${String(at).padStart(3, '0')}`, reason, ...letter }));

describe('a redrive', () => {
  it('sends every dead letter again, and is over', async () => {
    const world = await stageOf([...many(25, 'bad'), ...many(5, 'ugly')]);
    const begun = await ask(world);
    expect(begun).toMatchObject({ pipelineId: 'a', state: 'Running', sent: 0, left: 30, maxRedrives: 3 });
    expect(begun.redriveId).toMatch(/^a-\d+-1$/);
    expect(await untilOver(world)).toMatchObject({ state: 'Done', sent: 30 });
    await world.pass(60);
    expect(worked(world).sort()).toEqual([...many(25, 'bad'), ...many(5, 'ugly')].map(({ id }) => id).sort());
    expect(dead(world)).toEqual([]);
    expect(await ask(world, { status: true })).toMatchObject({
      state: 'Done',
      sent: 30,
      left: 0,
      message: 'no dead letter is left',
    });
  });

  it('of one reason sends those and no others, and says what stayed', async () => {
    const world = await stageOf([...many(12, 'bad'), ...many(15, 'ugly'), { id: 'moved' }]);
    await ask(world, { reason: 'bad' });
    expect(await untilOver(world)).toMatchObject({
      state: 'Done',
      sent: 12,
      skipped: { otherReason: 16, newer: 0, tooOften: 0, notSent: 0 },
      because: 'all that are left stay',
    });
    expect(new Set(worked(world))).toEqual(new Set(many(12, 'bad').map(({ id }) => id)));
    expect(dead(world)).toEqual([...many(15, 'ugly').map(({ id }) => id), 'moved'].sort());
  });

  it.each([
    ['no such page*', ['p1', 'p2']],
    ['no such page 1', ['p1']],
    ['maxReceiveCount', ['moved']],
    ['*', ['moved', 'other', 'p1', 'p2']],
  ])('of reason %s means %j', async (reason, ids) => {
    const world = await stageOf([
      { id: 'p1', reason: 'no such page 1' },
      { id: 'p2', reason: 'no such page 2' },
      { id: 'other', reason: 'no such' },
      { id: 'moved' },
    ]);
    await ask(world, { reason });
    await untilOver(world);
    expect(worked(world).sort()).toEqual(ids);
  });

  it('sends nothing twice that dies again within the second in which it began', async () => {
    const world = await stageOf(many(3, 'bad', { seconds: 0, failures: 99 }), { maxAttempts: 1 });
    await ask(world);
    expect(await untilOver(world)).toMatchObject({
      state: 'Done',
      sent: 3,
      because: 'all that are left stay',
    });
    expect(dead(world)).toHaveLength(3);
  });

  it('of the first few sends so many and no more, and puts nothing else out of sight', async () => {
    const world = await stageOf(many(30, 'bad'), { concurrency: 10 });
    bury(world, many(5, 'ugly'));
    await world.pass(60);
    await ask(world, { first: 3, reason: 'ugly' });
    expect(await untilOver(world)).toMatchObject({ sent: 3, because: 'as many as were asked for' });
    expect(dead(world)).toHaveLength(32);
    const nowMs = world.nowMs();
    expect(deadLettersOf(world, 'a').filter(({ visibleAtMs }) => visibleAtMs > nowMs)).toEqual([]);
  });

  it('changes nothing of what it sends but the note, which goes along and counts', async () => {
    const attributes = { trace: { type: 'String', value: 't' }, seal: { type: 'Binary', value: 'AAEC' } };
    const world = await stageOf([{ id: 'x', reason: 'bad', redrives: 1, attributes }]);
    const before = deadLettersOf(world, 'a')[0];
    stopConsumers(world);
    await ask(world);
    await untilOver(world);
    const [after] = messagesOf(world, 'a');
    expect(after?.body).toBe(before?.body);
    const { SluiceDeadLetter: _note, ...others } = after?.attributes ?? {};
    expect(others).toEqual(attributes);
    expect(after && noteOf(after)).toEqual({
      ...(before && noteOf(before)),
      redrives: 2,
      redriveId: expect.stringMatching(/^a-\d+-1$/),
      sentAgainAtMs: expect.any(Number),
    });
  });

  it('counts through the next death, and leaves alone what died too often', async () => {
    const world = await stageOf(many(2, 'bad', { failures: 1000 }), { maxAttempts: 1 });
    for (const redrives of [1, 2, 3]) {
      await ask(world);
      expect(await untilOver(world)).toMatchObject({ state: 'Done', sent: 2 });
      await world.pass(60);
      const notes = deadLettersOf(world, 'a').map(noteOf);
      expect(notes).toEqual([
        expect.objectContaining({ reason: 'maxAttempts', redrives, firstSentAtMs: 1_000 }),
        expect.objectContaining({ reason: 'maxAttempts', redrives, firstSentAtMs: 1_000 }),
      ]);
      for (const note of notes) expect(note).not.toHaveProperty('sentAgainAtMs');
    }
    await ask(world);
    expect(await untilOver(world)).toMatchObject({ sent: 0, skipped: { tooOften: 2 } });
    await ask(world, { maxRedrives: 4 });
    expect(await untilOver(world)).toMatchObject({ sent: 2 });
  });

  it('sends nothing twice, however quickly it dies again', async () => {
    const world = await stageOf(many(60, 'bad', { failures: 1000 }), { maxAttempts: 1, concurrency: 5 });
    await ask(world, { maxRedrives: 1000 });
    expect(await untilOver(world)).toMatchObject({ state: 'Done', sent: 60 });
    await world.pass(60);
    expect(worked(world)).toHaveLength(60);
    expect(dead(world)).toHaveLength(60);
  });

  it('leaves alone what became a dead letter after it had begun', async () => {
    const world = await stageOf(many(40, 'bad'));
    await ask(world);
    await world.pass(10);
    bury(world, [{ id: 'late', reason: 'bad' }]);
    await untilOver(world);
    expect(dead(world)).toEqual(['late']);
    expect(redriveOf(world).sent).toBe(40);
  });

  it('finds few among many that stay, however slow it is', async () => {
    const world = await stageOf([...many(300, 'ugly'), ...many(20, 'bad'), ...many(300, 'worse')], {
      rateLimit: { tasks: 10, perSeconds: 60 },
    });
    let received = 0;
    world.calls.observers.push(({ operation, caller }) => {
      received += caller.functionName === 'redrive' && operation === 'queues.receive' ? 1 : 0;
    });
    const beganMs = world.nowMs();
    await ask(world, { reason: 'bad' });
    expect(await untilOver(world)).toMatchObject({ state: 'Done', sent: 20 });
    expect(dead(world)).toHaveLength(600);
    const seconds = (world.nowMs() - beganMs) / 1000;
    expect(seconds).toBeLessThan(600);
    // Sixty receives see all of them once; they come into sight again every thirty seconds and more.
    expect(received).toBeLessThan(65 * (seconds / 30 + 2));
  });

  it('comes to letters that somebody has put out of sight', async () => {
    const world = await stageOf(many(12, 'bad'));
    hideOne(world, 200);
    await ask(world);
    await untilOver(world);
    expect(dead(world)).toEqual([]);
    expect(redriveOf(world).sent).toBe(12);
  });

  it('ends where somebody keeps letters out of sight for ever', async () => {
    const world = await stageOf(many(12, 'bad'));
    hideOne(world, 40_000);
    await ask(world);
    const beganMs = world.nowMs();
    expect(await untilOver(world)).toMatchObject({ state: 'Done', sent: 11 });
    expect(world.nowMs() - beganMs).toBeLessThan(1_200_000);
    await world.pass(30);
    expect(waiting(world)).toEqual([]);
  });
});
