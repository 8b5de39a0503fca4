import { mkdtemp, rm as removeFolder, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as breaker from '../../../../operator/cli/commands/breaker.ts';
import * as pause from '../../../../operator/cli/commands/pause.ts';
import * as purge from '../../../../operator/cli/commands/purge.ts';
import * as put from '../../../../operator/cli/commands/put.ts';
import * as rm from '../../../../operator/cli/commands/rm.ts';
import { MASKED } from '../../../../operator/desk/masks.ts';
import type { Desk } from '../../../../operator/views/desk.ts';
import { stageWith } from '../../functions/simulated-stage.ts';
import { atDesk } from '../desk/people.ts';
import { typed } from './typed.ts';

/** A desk in a simulated account: each call lets virtual time pass. */
async function deskIn(...records: Record<string, unknown>[]) {
  const world = await stageWith(...(records as Parameters<typeof stageWith>));
  const desk = new Proxy({} as Desk, {
    get: (_, deed: keyof Desk) =>
      deed === ('then' as string)
        ? undefined
        : (...args: unknown[]) =>
            atDesk(
              world,
              (real) =>
                (real as never as Record<string, (...all: unknown[]) => Promise<unknown>>)[deed]?.(
                  ...args,
                ) as Promise<unknown>,
            ),
  });
  return { world, desk };
}

describe('sluice put', () => {
  const record = { pipelineId: 'new', concurrency: 3, environment: { KEY: 'hush' } };

  it('writes records, and shows what comes, goes and changes, but no value of the environment', async () => {
    const { world, desk } = await deskIn({ pipelineId: 'a', concurrency: 2, maxAttempts: 3 });
    const input = JSON.stringify([record, { pipelineId: 'a', concurrency: 5 }]);
    const { code, out } = await typed(put, { desk, args: ['-'], input });
    expect({ code, out }).toEqual({
      code: 0,
      out: [
        'new: added',
        '  + pipelineId: new',
        '  + concurrency: 3',
        `  + environment.KEY: ${MASKED}`,
        'a: changed',
        '  ~ concurrency: 2 → 5',
        '  - maxAttempts: 3',
      ],
    });
    expect(world.configs.read('new')).toEqual(record);
    expect((await typed(put, { desk, args: ['-'], input })).out).toEqual([
      'new: is so already',
      'a: is so already',
    ]);
  });

  it('writes nothing with --dry-run', async () => {
    const { world, desk } = await deskIn();
    const { out } = await typed(put, {
      desk,
      args: ['-'],
      input: JSON.stringify(record),
      options: { dryRun: true },
    });
    expect(out[0]).toBe('new: would be added');
    expect(world.configs.read('new')).toBeUndefined();
  });

  it('says everything that is wrong, and writes none of a list with a bad one', async () => {
    const { world, desk } = await deskIn();
    const input = JSON.stringify([record, { pipelineId: 'bad', concurrency: 0, colour: 1 }, 7]);
    const { code, out, said } = await typed(put, { desk, args: ['-'], input });
    expect(code).toBe(2);
    expect(
      out.filter((line) => line.startsWith('  colour') || line.startsWith('  concurrency')),
    ).toHaveLength(2);
    expect(said).toEqual(['2 records of 3 not valid, nothing is written']);
    expect(world.configs.records.size).toBe(0);
  });

  it('answers programs with what changes, what is wrong, and whether it is written', async () => {
    const { desk } = await deskIn();
    const { out } = await typed(put, {
      desk,
      args: ['-'],
      input: '{"pipelineId":"a"}',
      options: { json: true },
    });
    expect(JSON.parse(out.join(''))).toEqual([
      {
        pipelineId: 'a',
        isNew: true,
        problems: [],
        changes: [{ path: 'pipelineId', to: 'a' }],
        isWritten: true,
      },
    ]);
  });

  it.each([
    ['a file that there is not', ['nowhere.json'], '', 'cannot be read'],
    ['what is no JSON', ['-'], 'pipelineId: a', 'must be JSON'],
    ['an empty list', ['-'], '[]', 'empty list'],
  ])('refuses %s', async (_, args, input, message) => {
    const { desk } = await deskIn();
    await expect(typed(put, { desk, args, input })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
  });

  it('reads a file', async () => {
    const { world, desk } = await deskIn();
    const folder = await mkdtemp(join(tmpdir(), 'sluice-put-'));
    try {
      await writeFile(join(folder, 'a.json'), '{"pipelineId": "a"}');
      expect((await typed(put, { desk, args: [join(folder, 'a.json')] })).code).toBe(0);
      expect(world.configs.read('a')).toEqual({ pipelineId: 'a' });
    } finally {
      await removeFolder(folder, { recursive: true });
    }
  });
});

describe('sluice rm', () => {
  it('says what becomes of the tasks, asks, and deletes the record', async () => {
    const { world, desk } = await deskIn({ pipelineId: 'a', paused: true }, { pipelineId: 'b' });
    world.send('a', 3);
    const no = await typed(rm, { desk, args: ['a'], answer: false });
    expect(no).toMatchObject({
      code: 1,
      said: [
        expect.stringContaining('a: 3 tasks; its consumer rests'),
        'Delete the record of a?',
        'nothing is deleted',
      ],
    });
    expect(world.configs.read('a')).toBeDefined();
    const yes = await typed(rm, { desk, args: ['a', 'b'], answer: true });
    expect(yes.code).toBe(0);
    expect(yes.said[1]).toBe('b: its queues are empty, nothing is lost');
    expect(world.configs.records.size).toBe(0);
  });

  it('asks nobody with --yes, and refuses where nobody is there to answer', async () => {
    const { world, desk } = await deskIn({ pipelineId: 'a' });
    await expect(typed(rm, { desk, args: ['a'] })).rejects.toMatchObject({ exitCode: 2 });
    expect(world.configs.read('a')).toBeDefined();
    expect((await typed(rm, { desk, args: ['a'], options: { yes: true } })).code).toBe(0);
    expect(world.configs.read('a')).toBeUndefined();
  });

  it.each([
    ['tasks that drain', {}, { waiting: 2 }, 'they go on for up to 15 min, what is left then is kept'],
    ['dead letters', {}, { waiting: 2, deadLetters: 4 }, 'and 4 dead letters; they go on for up to 15 min'],
    ['tasks that nobody keeps', { onDelete: 'discard' }, { waiting: 2 }, '2 tasks are deleted for good'],
  ])('tells of %s', async (_, fields, counts, words) => {
    const { world } = await deskIn({ pipelineId: 'a', ...fields });
    const view = await atDesk(world, (desk) => desk.show('a'));
    const look = { atMs: 0, running: 0, delayed: 0, deadLetters: 0, ...counts };
    expect(rm.whatHappens({ ...view, row: { ...view.row, look } })).toContain(words);
  });
});

describe('edits of one field', () => {
  it('go to all that fit a word', async () => {
    const { world, desk } = await deskIn(
      { pipelineId: 'a1' },
      { pipelineId: 'a2', paused: true },
      { pipelineId: 'b' },
    );
    const { out } = await typed(pause, { desk, args: ['a*'] });
    expect(out).toEqual(['a1:', '  + paused: true', 'a2: is so already']);
    expect([...world.configs.records.values()].map(({ paused }) => paused)).toEqual([true, true, undefined]);
  });

  it('force a breaker to one of three', async () => {
    const { world, desk } = await deskIn({ pipelineId: 'a', breaker: {} });
    await typed(breaker, { desk, args: ['a', 'close'] });
    expect(world.configs.read('a')?.breaker).toEqual({ force: 'closed' });
    await expect(typed(breaker, { desk, args: ['a', 'ajar'] })).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('sluice purge', () => {
  it('asks with the number of tasks, and deletes only on a yes', async () => {
    const { world, desk } = await deskIn({ pipelineId: 'a', paused: true });
    world.send('a', 3);
    const no = await typed(purge, { desk, args: ['a'], answer: false });
    expect(no).toMatchObject({
      code: 1,
      said: ['Delete about 3 tasks of a for good?', 'nothing is deleted'],
    });
    const yes = await typed(purge, { desk, args: ['a'], options: { deadLetters: true }, answer: true });
    expect(yes).toMatchObject({ code: 0, said: ['Delete about 0 dead letters of a for good?'] });
  });
});
