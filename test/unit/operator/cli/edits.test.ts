import { mkdtemp, rm as removeFolder, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as breaker from '../../../../operator/cli/commands/breaker.ts';
import * as pause from '../../../../operator/cli/commands/pause.ts';
import * as purge from '../../../../operator/cli/commands/purge.ts';
import * as put from '../../../../operator/cli/commands/put.ts';
import * as resume from '../../../../operator/cli/commands/resume.ts';
import * as rm from '../../../../operator/cli/commands/rm.ts';
import type { Desk } from '../../../../operator/views/desk.ts';
import { MASKED } from '../../../../operator/views/pipelines.ts';
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

  it('overwrites nothing that somebody else writes between its look and its put', async () => {
    const { world, desk } = await deskIn({ pipelineId: 'a' }, { pipelineId: 'b' });
    const theirs = { pipelineId: 'b', concurrency: 7 };
    const slow = new Proxy(desk, {
      get: (_, deed: keyof Desk) => {
        if (deed === 'put') world.configs.put('b', theirs);
        return desk[deed];
      },
    });
    const input = '[{"pipelineId": "a", "concurrency": 3}, {"pipelineId": "b", "concurrency": 4}]';
    await expect(typed(put, { desk: slow, args: ['-'], input })).rejects.toMatchObject({ code: 'Conflict' });
    expect(world.configs.read('a')).toEqual({ pipelineId: 'a', concurrency: 3 });
    expect(world.configs.read('b')).toEqual(theirs);
  });

  it('refuses a list that has a pipeline twice', async () => {
    const { world, desk } = await deskIn();
    const input = '[{"pipelineId": "a"}, {"pipelineId": "b"}, {"pipelineId": "a", "concurrency": 3}]';
    await expect(typed(put, { desk, args: ['-'], input })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('got a as its records 1 and 3'),
    });
    expect(world.configs.records.size).toBe(0);
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
        'a: 3 tasks kept in the salvage bucket: it is paused, and is not woken',
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

  it('leaves out of a pattern what drains already, and says of it by its id that it does', async () => {
    const { world, desk } = await deskIn({ pipelineId: 'a1' }, { pipelineId: 'a2' }, { pipelineId: 'a3' });
    await desk.remove('a3');
    const all = await typed(rm, { desk, args: ['a*'], options: { yes: true } });
    expect(all).toMatchObject({
      code: 0,
      out: [expect.stringContaining('a1: its record is'), expect.stringContaining('a2: its record is')],
    });
    expect(all.said[0]).toBe('a3: drains already, left out');
    expect(world.configs.records.size).toBe(0);
    const again = await typed(rm, { desk, args: ['a3'], options: { json: true } });
    expect(again).toMatchObject({
      code: 0,
      out: ['[{"pipelineId":"a3","isRemoved":false,"isLeaving":true}]'],
    });
  });

  it('deletes the others where one cannot be, and says which', async () => {
    const { world, desk } = await deskIn({ pipelineId: 'a' });
    const { code, out, said } = await typed(rm, { desk, args: ['nobody', 'a'], options: { yes: true } });
    expect(code).toBe(1);
    expect(out).toEqual([expect.stringContaining('a: its record is deleted')]);
    expect(said.at(-1)).toContain('nobody: not done: there is no pipeline nobody');
    expect(world.configs.read('a')).toBeUndefined();
    await expect(typed(rm, { desk, args: ['nobody'], options: { yes: true } })).rejects.toMatchObject({
      code: 'Unknown',
    });
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

  it('leave out of a pattern what drains, and are refused to it by its id', async () => {
    const { desk } = await deskIn({ pipelineId: 'a1' }, { pipelineId: 'a2' });
    await desk.remove('a2');
    expect(await typed(pause, { desk, args: ['a*'] })).toEqual({
      code: 0,
      out: ['a1:', '  + paused: true'],
      said: ['a2: drains already, left out'],
    });
    await expect(typed(resume, { desk, args: ['a2'] })).rejects.toMatchObject({
      code: 'NotPossible',
      message: expect.stringContaining('a2 drains already'),
    });
  });

  it('are made to the others where one fails, and what was not done is told', async () => {
    const { world, desk } = await deskIn({ pipelineId: 'a' });
    const { code, out, said } = await typed(pause, { desk, args: ['nobody', 'a'] });
    expect({ code, out }).toEqual({ code: 1, out: ['a:', '  + paused: true'] });
    expect(said).toEqual([expect.stringContaining('nobody: not done: there is no pipeline nobody')]);
    expect(world.configs.read('a')?.paused).toBe(true);
    const json = await typed(pause, { desk, args: ['nobody', 'a'], options: { json: true } });
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out.join(''))).toEqual([
      { pipelineId: 'nobody', error: expect.stringContaining('no pipeline nobody') },
      { pipelineId: 'a', changes: [] },
    ]);
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
