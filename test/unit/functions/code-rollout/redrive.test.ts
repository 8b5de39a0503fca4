import { describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import { pipelineNames } from '../../../../core/names.ts';
import { REDRIVEN_ATTRIBUTE } from '../../../../core/release/redrive.ts';
import type { StoredMessage } from '../../../../lab/simulator/world/messages.ts';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import { dyingAfter } from '../dying.ts';
import { deadLettersOf, messagesOf } from '../simulated-stage.ts';
import { ADMITTED, fleetOf, having, recordOf, step, steps, uploaded } from './fleet.ts';

const QUICK = { timeoutSeconds: 5, visibilityTimeoutSeconds: 30 };

/** A dead letter, put into the queue by hand: one that was born under whatever runs now. */
function die(world: World, pipelineId: string, body: string, attributes = {}): void {
  const { deadLetterQueue } = pipelineNames(STAGE, pipelineId);
  const url = world.queues.byName.get(deadLetterQueue)?.url ?? '';
  world.queues.send(url, [
    { id: body, body: JSON.stringify({ taskId: body, pipelineId, seconds: 1, failures: 0 }), attributes },
  ]);
}

const names = (messages: readonly StoredMessage[]) =>
  messages.map(({ body }) => (JSON.parse(body) as { taskId: string }).taskId).sort();

/** A release under which these were born, after others; it was rolled back, and everybody has the former one. */
async function rolledBack(
  bad: readonly string[],
  old: readonly string[] = [],
  ids = ['a', 'b'],
  buriedAfterSeconds = 90,
): Promise<World> {
  const world = await fleetOf(ids.map((pipelineId) => ({ ...QUICK, pipelineId, canary: true })));
  for (const body of old) die(world, 'a', body);
  await world.pass(60);
  await uploaded(world);
  await steps(world, [...ADMITTED, 'OpenWave', 'MovePipelines']);
  await world.pass(20);
  expect(having(world, 'v2')).toEqual(ids);
  for (const body of bad) die(world, 'a', body);
  await steps(world, ['RollBack', 'ReturnPipelines']);
  expect(having(world, 'v1')).toEqual(ids);
  // Until the last of its tasks would have been buried.
  await world.pass(buriedAfterSeconds);
  // What is sent again is to be looked at, and not to be run.
  for (const mapping of world.mappings.byId.values())
    mapping.inForce = { ...mapping.inForce, enabled: false };
  return world;
}

describe('dead letters that were born under a release that is rolled back', () => {
  it('are sent again, with the mark of that release, and are dead letters no more', async () => {
    const world = await rolledBack(['x', 'y']);
    expect(await steps(world, ['RedriveDeadLetters'])).toBe('done');
    expect(names(messagesOf(world, 'a'))).toEqual(['x', 'y']);
    for (const { attributes } of messagesOf(world, 'a')) {
      expect(attributes).toEqual({ [REDRIVEN_ATTRIBUTE]: { type: 'String', value: 'v2' } });
    }
    expect(deadLettersOf(world, 'a')).toEqual([]);
    expect(recordOf(world)).toMatchObject({ returned: true, redriven: 2, state: 'RolledBack' });
    expect(recordOf(world)).not.toHaveProperty('walk');
  });

  it('keep what they carry, and go without the mark where there is no room for it', async () => {
    const world = await rolledBack([]);
    const some = { trace: { type: 'String', value: 't' } };
    const ten = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [`n${at}`, { type: 'Number', value: '1' }]),
    );
    const formerCode = world.statuses.read('a')?.formerCodes?.[0];
    expect(formerCode?.deadLettersBefore).toBe(0);
    die(world, 'a', 'some', some);
    die(world, 'a', 'ten', ten);
    await steps(world, ['RedriveDeadLetters']);
    const carried = new Map(
      messagesOf(world, 'a').map(({ body, attributes }) => [JSON.parse(body).taskId, attributes]),
    );
    expect(carried.get('some')).toEqual({ ...some, [REDRIVEN_ATTRIBUTE]: { type: 'String', value: 'v2' } });
    expect(carried.get('ten')).toEqual(ten);
  });

  it('are sent at once, and those that come later, when the last task of it has been buried, too', async () => {
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

  it('are told from older ones, which stay', async () => {
    const world = await rolledBack(['x'], ['old-1', 'old-2']);
    await steps(world, ['RedriveDeadLetters']);
    expect(names(messagesOf(world, 'a'))).toEqual(['x']);
    expect(names(deadLettersOf(world, 'a'))).toEqual(['old-1', 'old-2']);
    expect(recordOf(world).redriven).toBe(1);
  });

  it('stay where they were sent again once already and have died again', async () => {
    const world = await rolledBack([]);
    die(world, 'a', 'again', { [REDRIVEN_ATTRIBUTE]: { type: 'String', value: 'v2' } });
    die(world, 'a', 'other', { [REDRIVEN_ATTRIBUTE]: { type: 'String', value: 'v0' } });
    await steps(world, ['RedriveDeadLetters']);
    expect(names(deadLettersOf(world, 'a'))).toEqual(['again']);
    expect(names(messagesOf(world, 'a'))).toEqual(['other']);
  });

  it('are left alone in a pipeline that never had the release', async () => {
    const world = await rolledBack(['x']);
    world.configs.put('late', { ...QUICK, pipelineId: 'late' });
    await world.pass(60);
    die(world, 'late', 'mine');
    await steps(world, ['RedriveDeadLetters']);
    expect(names(deadLettersOf(world, 'late'))).toEqual(['mine']);
  });

  it.each([{ before: ['v1'] }, { before: ['v1', 'v2'] }])(
    'are left alone in a pipeline that could not be brought back, after $before: it would fail them again',
    async ({ before }) => {
      const world = await rolledBack(['x']);
      const status = world.statuses.read('a');
      const formerCode = status?.formerCodes?.[0];
      if (status?.applied === undefined || formerCode === undefined) throw new Error('no status');
      const code = { key: formerCode.key, version: 'v2' };
      world.statuses.write({
        ...status,
        applied: { ...status.applied, code },
        formerCodes: before.map((version) => ({ ...formerCode, version })),
      });
      await steps(world, ['RedriveDeadLetters']);
      expect(names(deadLettersOf(world, 'a'))).toEqual(['x']);
    },
  );

  it('are sent in slices where they are many', async () => {
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

  it('are not lost where SQS does not take them: they stay', async () => {
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

  it('are none of them lost by a crash at any point, and each is sent again in the end', async () => {
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
