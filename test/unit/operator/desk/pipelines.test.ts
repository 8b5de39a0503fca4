import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../../../../aws/errors.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { DeskFault, type LookChoice, NO_RECORD } from '../../../../operator/views/desk.ts';
import { MASKED } from '../../../../operator/views/pipelines.ts';
import { stageIn, stageWith } from '../../functions/simulated-stage.ts';
import { atDesk } from './people.ts';

/** What it throws: its code, and where it says that something is wrong. */
async function fault(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof DeskFault)) throw error;
    return [error.code, ...error.problems.map(({ path }) => path)];
  }
}

/** As somebody does by hand. */
async function switchOff(world: World, pipelineId: string): Promise<void> {
  world.mappings.change(world.statuses.read(pipelineId)?.eventSourceMappingId ?? '', { enabled: false });
  await world.pass(120);
}

describe('the overview', () => {
  it('has every pipeline that has a record or a status, by id, with what is in its queues', async () => {
    const world = await stageWith({ pipelineId: 'b', concurrency: 3 }, { pipelineId: 'a', paused: true });
    world.send('a', 4);
    world.configs.put('c', { pipelineId: 'c', concurrency: 0 });
    const { rows, account } = await atDesk(world, (desk) => desk.overview());
    expect(rows.map(({ pipelineId, phase, says, isPaused }) => [pipelineId, phase, says, isPaused])).toEqual([
      ['a', 'Paused', 'paused by its record, 4 tasks waiting', true],
      ['b', 'Active', 'idle', false],
      ['c', 'Creating', 'being made', false],
    ]);
    expect(rows[0]?.look).toMatchObject({ waiting: 4, running: 0, deadLetters: 0 });
    expect(rows[1]).toMatchObject({ concurrency: 3, codeKey: 'consumer.zip' });
    expect(account?.concurrency).toBe(1000);
  });

  it('looks at no queue, at those that are named, or at those that are chosen by their rows', async () => {
    const world = await stageWith({ pipelineId: 'a' }, { pipelineId: 'b' });
    const looked = async (which: LookChoice) => {
      const { rows } = await atDesk(world, (desk) => desk.overview(which));
      return rows.filter(({ look }) => look !== undefined).map(({ pipelineId }) => pipelineId);
    };
    expect(await looked('none')).toEqual([]);
    expect(await looked(['b', 'nobody'])).toEqual(['b']);
    expect(await looked((rows) => rows.slice(0, 1).map(({ pipelineId }) => pipelineId))).toEqual(['a']);
  });

  it('looks with one call a queue, for the statuses say where the queues are', async () => {
    const world = await stageWith({ pipelineId: 'a' }, { pipelineId: 'b' });
    const before = world.calls.log.length;
    await atDesk(world, (desk) => desk.overview());
    const asked = world.calls.log.slice(before).map(({ operation }) => operation);
    expect(asked.filter((one) => one.startsWith('queues.'))).toEqual(Array(4).fill('queues.read'));
  });

  it('says what the whole account is short of', async () => {
    const world = await stageIn({ accountConcurrency: 100 }, { pipelineId: 'a' });
    await switchOff(world, 'a');
    world.send('a', 1);
    const { rows } = await atDesk(world, (desk) => desk.overview(), { accountRunning: 100 });
    expect(rows[0]?.verdict).toEqual({ kind: 'accountFull', limit: 100 });
  });
});

describe('a pipeline', () => {
  it('is shown without the values of its environment, unless they are asked for', async () => {
    const world = await stageWith({ pipelineId: 'a', environment: { KEY: 'hush' } });
    const view = await atDesk(world, (desk) => desk.show('a'));
    expect(JSON.stringify(view)).not.toContain('hush');
    expect(view.record).toEqual({ pipelineId: 'a', environment: { KEY: MASKED } });
    const open = await atDesk(world, (desk) => desk.show('a', true));
    expect(open.record).toEqual({ pipelineId: 'a', environment: { KEY: 'hush' } });
  });

  it('whose mapping somebody has switched off says so', async () => {
    const world = await stageWith({ pipelineId: 'a' });
    await switchOff(world, 'a');
    expect((await atDesk(world, (desk) => desk.show('a'))).row.verdict.kind).toBe('switchedOff');
  });

  it('is told of without what one may not read, where that is beside the point', async () => {
    const world = await stageWith({ pipelineId: 'a' });
    const denied = new AwsError({
      code: 'AccessDenied',
      message: 'no',
      operation: 'cloudwatch:GetMetricData',
      requestId: undefined,
      retryable: false,
      cause: undefined,
    });
    const odds = { accountRunning: denied };
    expect((await atDesk(world, (desk) => desk.show('a'), odds)).row.says).toBe('idle');
    expect((await atDesk(world, (desk) => desk.overview(), odds)).rows).toHaveLength(1);
  });

  it('that there is not is unknown, whatever is to be done with it', async () => {
    const world = await stageWith();
    expect(await fault(atDesk(world, (desk) => desk.show('a')))).toEqual(['Unknown']);
    expect(await fault(atDesk(world, (desk) => desk.remove('a')))).toEqual(['Unknown']);
    expect(await fault(atDesk(world, (desk) => desk.setPaused('a', true)))).toEqual(['Unknown']);
    expect(await fault(atDesk(world, (desk) => desk.forceBreaker('a', 'open')))).toEqual(['Unknown']);
    expect(await fault(atDesk(world, (desk) => desk.purge('a', 'tasks')))).toEqual(['Unknown']);
  });
});

describe('a record', () => {
  it('is checked as the lifecycle does, every problem at once, and nothing is written', async () => {
    const world = await stageIn({ accountConcurrency: 100 }, { pipelineId: 'a' });
    const record = { pipelineId: 'a', concurrency: 200, batchSize: 0, colour: 'red' };
    const { problems, changes } = await atDesk(world, (desk) => desk.check(record));
    expect(problems.map(({ path, code }) => [path, code])).toEqual([
      ['colour', 'UnknownField'],
      ['batchSize', 'OutOfRange'],
      ['concurrency', 'AccountLimit'],
    ]);
    expect(changes).toContainEqual({ path: 'concurrency', to: 200 });
    expect(await fault(atDesk(world, (desk) => desk.put(record)))).toEqual([
      'Invalid',
      'colour',
      'batchSize',
      'concurrency',
    ]);
    expect(await fault(atDesk(world, (desk) => desk.put('a')))).toEqual(['Invalid', '']);
    expect(world.configs.read('a')).toEqual({ pipelineId: 'a' });
  });

  it('is put with the values that its masks stand for', async () => {
    const world = await stageWith({ pipelineId: 'a', environment: { KEY: 'hush', LEVEL: 'info' } });
    const edited = { pipelineId: 'a', environment: { KEY: MASKED, LEVEL: 'debug' } };
    const { changes } = await atDesk(world, (desk) => desk.put(edited));
    expect(changes).toEqual([{ path: 'environment.LEVEL', from: MASKED, to: MASKED, says: 'changed' }]);
    expect(world.configs.read('a')?.environment).toEqual({ KEY: 'hush', LEVEL: 'debug' });
  });

  it('that somebody else has changed meanwhile is not overwritten', async () => {
    const world = await stageWith({ pipelineId: 'a', concurrency: 3, environment: { KEY: 'hush' } });
    const { record, standing: shown } = await atDesk(world, (desk) => desk.show('a'));
    const next = { ...record, concurrency: 5 };
    expect(await fault(atDesk(world, (desk) => desk.put(next, 'another')))).toEqual(['Conflict']);
    const beforePut = () => world.configs.put('a', { ...world.configs.read('a'), maxAttempts: 2 });
    expect(await fault(atDesk(world, (desk) => desk.put(next, shown), { beforePut }))).toEqual(['Conflict']);
    expect(world.configs.read('a')).toMatchObject({ concurrency: 3, maxAttempts: 2 });
    const latest = await atDesk(world, (desk) => desk.show('a'));
    const put = { ...latest.record, concurrency: 5 };
    const { standing } = await atDesk(world, (desk) => desk.put(put, latest.standing));
    expect(world.configs.read('a')).toMatchObject({ concurrency: 5, environment: { KEY: 'hush' } });
    expect(standing).toBe((await atDesk(world, (desk) => desk.show('a'))).standing);
  });

  it('is not overwritten either where only a value that is masked has changed', async () => {
    const world = await stageWith({ pipelineId: 'a', environment: { KEY: 'hush' } });
    const look = () => atDesk(world, (desk) => desk.show('a'));
    const [mine, theirs] = [await look(), await look()];
    const putOver = ({ record, standing }: typeof mine, KEY: string) =>
      atDesk(world, (desk) => desk.put({ ...record, environment: { KEY } }, standing));
    await putOver(theirs, 'theirs');
    expect((await look()).record).toEqual(mine.record);
    expect(await fault(putOver(mine, 'mine'))).toEqual(['Conflict']);
    expect(world.configs.read('a')?.environment).toEqual({ KEY: 'theirs' });
    await putOver(await look(), 'mine');
    expect(world.configs.read('a')?.environment).toEqual({ KEY: 'mine' });
  });

  it('that is to be new is not put over one that is there, nor a change of one that is gone', async () => {
    const world = await stageWith({ pipelineId: 'a', concurrency: 3 });
    const messageOf = (expected: string) =>
      atDesk(world, (desk) => desk.put({ pipelineId: 'a' }, expected)).catch((error: Error) => error.message);
    expect(await messageOf(NO_RECORD)).toMatch(/^there is a record of a by now, nothing is written/);
    const { standing } = await atDesk(world, (desk) => desk.show('a'));
    world.configs.remove('a');
    expect(await messageOf(standing)).toMatch(/^somebody else has deleted the record of a meanwhile/);
    expect(world.configs.read('a')).toBeUndefined();
    await atDesk(world, (desk) => desk.put({ pipelineId: 'a' }, NO_RECORD));
    expect(world.configs.read('a')).toEqual({ pipelineId: 'a' });
  });

  it('whose masks were typed into is refused, and its values stay', async () => {
    const world = await stageWith({ pipelineId: 'a', environment: { KEY: 'hush' } });
    const typed = { pipelineId: 'a', environment: { KEY: `${MASKED}x` } };
    const { problems } = await atDesk(world, (desk) => desk.check(typed));
    expect(problems.map(({ path }) => path)).toEqual(['environment.KEY']);
    expect(await fault(atDesk(world, (desk) => desk.put(typed)))).toEqual(['Invalid', 'environment.KEY']);
    expect(world.configs.read('a')?.environment).toEqual({ KEY: 'hush' });
  });

  it('is put only where there stands what it was checked against', async () => {
    const world = await stageWith({ pipelineId: 'a', environment: { KEY: 'hush' } });
    const edited = { pipelineId: 'a', environment: { KEY: 'mine' } };
    const { standing } = await atDesk(world, (desk) => desk.check(edited));
    const added = { pipelineId: 'b' };
    const { standing: nothing } = await atDesk(world, (desk) => desk.check(added));
    world.configs.put('a', { pipelineId: 'a', environment: { KEY: 'theirs' } });
    world.configs.put('b', { pipelineId: 'b', concurrency: 7 });
    expect(await fault(atDesk(world, (desk) => desk.put(edited, standing)))).toEqual(['Conflict']);
    expect(await fault(atDesk(world, (desk) => desk.put(added, nothing)))).toEqual(['Conflict']);
    expect(world.configs.read('a')?.environment).toEqual({ KEY: 'theirs' });
    const again = (await atDesk(world, (desk) => desk.check(edited))).standing;
    await atDesk(world, (desk) => desk.put(edited, again));
    expect(world.configs.read('a')?.environment).toEqual({ KEY: 'mine' });
  });

  it('is paused and resumed by one field, also while others edit it', async () => {
    const world = await stageWith({ pipelineId: 'a' });
    let left = 2;
    const beforePut = () => {
      left -= 1;
      if (left >= 0) world.configs.put('a', { ...world.configs.read('a'), concurrency: 5 + left });
    };
    const { changes } = await atDesk(world, (desk) => desk.setPaused('a', true), { beforePut });
    expect(changes).toEqual([{ path: 'paused', to: true }]);
    expect(world.configs.read('a')).toEqual({ pipelineId: 'a', concurrency: 5, paused: true });
    expect((await atDesk(world, (desk) => desk.setPaused('a', true))).changes).toEqual([]);
    await atDesk(world, (desk) => desk.setPaused('a', false));
    expect(world.configs.read('a')).toEqual({ pipelineId: 'a', concurrency: 5 });
  });

  it('has its breaker forced and freed, if it has one', async () => {
    const world = await stageWith({ pipelineId: 'a', breaker: { minTasks: 5 } }, { pipelineId: 'b' });
    await atDesk(world, (desk) => desk.forceBreaker('a', 'open'));
    expect(world.configs.read('a')?.breaker).toEqual({ minTasks: 5, force: 'open' });
    await atDesk(world, (desk) => desk.forceBreaker('a', 'closed'));
    expect(world.configs.read('a')?.breaker).toEqual({ minTasks: 5, force: 'closed' });
    await atDesk(world, (desk) => desk.forceBreaker('a', 'auto'));
    expect(world.configs.read('a')?.breaker).toEqual({ minTasks: 5 });
    expect(await fault(atDesk(world, (desk) => desk.forceBreaker('b', 'open')))).toEqual(['NotPossible']);
  });

  it('is removed, and the pipeline goes', async () => {
    const world = await stageWith({ pipelineId: 'a' });
    await atDesk(world, (desk) => desk.remove('a'));
    expect(world.configs.read('a')).toBeUndefined();
    await world.pass(600);
    expect((await atDesk(world, (desk) => desk.show('a'))).row.phase).toBe('Deleted');
  });
});

describe('a purge', () => {
  it('is of the queue that was named, and one at a time', async () => {
    const world = await stageWith({ pipelineId: 'a' });
    const purged: string[] = [];
    const purge = async (url: string) => {
      purged.push(url.split('/').at(-1) ?? '');
      return purged.length < 3 ? ('purged' as const) : ('busy' as const);
    };
    await atDesk(world, (desk) => desk.purge('a', 'tasks'), { purge });
    await atDesk(world, (desk) => desk.purge('a', 'deadLetters'), { purge });
    expect(purged.map((name) => name.replace(/^sluice-pipe-[a-z0-9]+-/, ''))).toEqual(['a', 'a-dlq']);
    expect(await fault(atDesk(world, (desk) => desk.purge('a', 'tasks'), { purge }))).toEqual([
      'NotPossible',
    ]);
  });
});
