import { describe, expect, it } from '@jest/globals';
import { redrivesOf } from '../../../../core/dead-letter.ts';
import { REDRIVEN_ATTRIBUTE } from '../../../../core/release/redrive.ts';
import { deadLettersOf, messagesOf } from '../simulated-stage.ts';
import { die, names, QUICK, rolledBack } from './burying.ts';
import { recordOf, steps } from './fleet.ts';

describe('dead letters that were born under a release that is rolled back', () => {
  it('are sent again, with the mark of that release, and are dead letters no more', async () => {
    const world = await rolledBack(['x', 'y']);
    expect(await steps(world, ['RedriveDeadLetters'])).toBe('done');
    expect(names(messagesOf(world, 'a'))).toEqual(['x', 'y']);
    for (const { attributes } of messagesOf(world, 'a')) {
      expect(attributes[REDRIVEN_ATTRIBUTE]).toEqual({ type: 'String', value: 'v2' });
      expect(redrivesOf(attributes)).toBe(1);
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
    const { n9: _one, ...nine } = ten;
    die(world, 'a', 'nine', nine);
    await steps(world, ['RedriveDeadLetters']);
    const carried = new Map(
      messagesOf(world, 'a').map(({ body, attributes }) => [JSON.parse(body).taskId, attributes]),
    );
    expect(carried.get('some')).toMatchObject({
      ...some,
      [REDRIVEN_ATTRIBUTE]: { type: 'String', value: 'v2' },
    });
    expect(carried.get('ten')).toEqual(ten);
    expect(carried.get('nine')).toEqual({ ...nine, [REDRIVEN_ATTRIBUTE]: { type: 'String', value: 'v2' } });
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
});
