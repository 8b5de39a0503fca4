import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../../../../aws/errors.ts';
import type { Ports } from '../../../../aws/ports.ts';
import { dyingAfter } from '../dying.ts';
import { deadLettersOf, messagesOf } from '../simulated-stage.ts';
import { die, names, rolledBack } from './burying.ts';
import { recordOf, step, steps } from './fleet.ts';

describe('sending dead letters again', () => {
  it('begins at once, and looks again when the last task of the release has been buried', async () => {
    const world = await rolledBack(['x'], [], ['a', 'b'], 0);
    const first = await step(world, 'RedriveDeadLetters');
    expect(first.outcome).toBe('again');
    expect(names(messagesOf(world, 'a'))).toEqual(['x']);
    expect(recordOf(world)).not.toMatchObject({ returned: true });
    await world.pass(first.afterSeconds - 1);
    die(world, 'a', 'late');
    await world.pass(1);
    expect((await step(world, 'RedriveDeadLetters', first)).outcome).toBe('done');
    expect(names(messagesOf(world, 'a'))).toEqual(['late', 'x']);
  });

  it('goes in slices where they are many', async () => {
    const many = Array.from({ length: 1_500 }, (_, at) => `t${at}`);
    const world = await rolledBack(many);
    const slow = (ports: Ports): Ports => ({
      ...ports,
      queues: Object.assign(Object.create(ports.queues), {
        async receive(url: string, seconds: number) {
          await ports.clock.sleep(300);
          return ports.queues.receive(url, seconds);
        },
      }),
    });
    const first = await step(world, 'RedriveDeadLetters', {}, { ports: slow });
    expect(first.outcome).toBe('again');
    const { redriven = 0 } = recordOf(world);
    expect(redriven).toBeGreaterThan(0);
    expect(redriven).toBeLessThan(1_500);
    await steps(world, ['RedriveDeadLetters'], first, { ports: slow });
    expect(names(messagesOf(world, 'a'))).toEqual(many.sort());
    expect(recordOf(world)).toMatchObject({ redriven: 1_500, returned: true });
  });

  it('ends where those that stay come into sight again before all have been looked at', async () => {
    const old = Array.from({ length: 150 }, (_, at) => `old-${at}`);
    const world = await rolledBack(['x'], old);
    let receives = 0;
    const slow = (ports: Ports): Ports => ({
      ...ports,
      queues: Object.assign(Object.create(ports.queues), {
        async receive(url: string) {
          receives += 1;
          if (receives > 300) throw new Error('it goes round for ever');
          await ports.clock.sleep(5_000);
          return ports.queues.receive(url, 20);
        },
      }),
    });
    expect(await steps(world, ['RedriveDeadLetters'], {}, { ports: slow })).toBe('done');
    expect(names(messagesOf(world, 'a'))).toEqual(['x']);
    expect(names(deadLettersOf(world, 'a'))).toEqual(old.sort());
    expect(recordOf(world)).toMatchObject({ returned: true, redriven: 1 });
  });

  it('waits, but not for ever, where more are out of sight than SQS allows', async () => {
    const world = await rolledBack(['x']);
    const error = new AwsError({
      code: 'OverLimit',
      message: 'too many messages in flight',
      operation: 'sqs:ReceiveMessage',
      requestId: undefined,
      retryable: false,
      cause: undefined,
    });
    const full = (ports: Ports): Ports => ({
      ...ports,
      queues: Object.assign(Object.create(ports.queues), { receive: () => Promise.reject(error) }),
    });
    const first = await step(world, 'RedriveDeadLetters', {}, { ports: full });
    expect(first).toMatchObject({ outcome: 'again', afterSeconds: 30 });
    expect(await steps(world, ['RedriveDeadLetters'], first, { ports: full })).toBe('done');
    expect(names(deadLettersOf(world, 'a'))).toEqual(['x']);
  });

  it('waits while an older release is being taken back: each would put the other’s letters out of sight', async () => {
    const world = await rolledBack(['x']);
    const startedAt = '2025-12-31T00:00:00.000Z';
    const older = { ...recordOf(world), version: 'v0', revision: 0, returned: false, startedAt };
    world.releases.write(older);
    expect((await step(world, 'RedriveDeadLetters')).outcome).toBe('again');
    expect(names(deadLettersOf(world, 'a'))).toEqual(['x']);
    world.releases.write({ ...older, revision: 1, returned: true });
    expect(await steps(world, ['RedriveDeadLetters'])).toBe('done');
    expect(names(messagesOf(world, 'a'))).toEqual(['x']);
  });

  it('does not wait for ever for those that somebody keeps out of sight', async () => {
    const world = await rolledBack(['x']);
    const held = (ports: Ports): Ports => ({
      ...ports,
      queues: Object.assign(Object.create(ports.queues), {
        async read(url: string) {
          const state = await ports.queues.read(url);
          return state && { ...state, counts: { ...state.counts, inFlight: 1 } };
        },
      }),
    });
    const beganMs = world.nowMs();
    expect(await steps(world, ['RedriveDeadLetters'], {}, { ports: held })).toBe('done');
    expect((world.nowMs() - beganMs) / 1000).toBeGreaterThanOrEqual(600);
    expect((world.nowMs() - beganMs) / 1000).toBeLessThan(700);
    expect(recordOf(world)).toMatchObject({ returned: true, redriven: 1 });
  });

  it('leaves those where they are that SQS does not take', async () => {
    const world = await rolledBack(['x']);
    const closed = (ports: Ports): Ports => ({
      ...ports,
      queues: Object.assign(Object.create(ports.queues), {
        send: async () => [
          { id: deadLettersOf(world, 'a')[0]?.messageId, code: 'Denied', senderFault: true },
        ],
      }),
    });
    await steps(world, ['RedriveDeadLetters'], {}, { ports: closed });
    expect(names(deadLettersOf(world, 'a'))).toEqual(['x']);
    expect(recordOf(world)).toMatchObject({ redriven: 0, returned: true });
  });

  it('loses none by a crash at any point, and sends each in the end', async () => {
    const bad = Array.from({ length: 12 }, (_, at) => `t${at}`);
    for (let calls = 1; ; calls += 1) {
      const world = await rolledBack(bad, ['old']);
      const crashed = await step(world, 'RedriveDeadLetters', {}, { ports: dyingAfter(calls) }).then(
        () => false,
        () => true,
      );
      expect([...names(messagesOf(world, 'a')), ...names(deadLettersOf(world, 'a'))]).toEqual(
        expect.arrayContaining(bad),
      );
      await steps(world, ['RedriveDeadLetters']);
      expect([...new Set(names(messagesOf(world, 'a')))]).toEqual(bad.sort());
      expect(names(deadLettersOf(world, 'a'))).toEqual(['old']);
      expect(recordOf(world).returned).toBe(true);
      if (!crashed) return;
      expect(calls).toBeLessThan(60);
    }
  });
});
