import { describe, expect, it } from '@jest/globals';
import { stageWith } from '../../functions/simulated-stage.ts';
import { atDesk } from './people.ts';

const REFERENCE = 'ssm:/sluice/test/key';
const failure = {
  atMs: 0,
  message: `environment.API_KEY must be resolvable, got ${REFERENCE}: there is none — check that it exists`,
};

describe('right after a purge', () => {
  it('everybody is told that SQS still counts what is gone, for a minute', async () => {
    const world = await stageWith({ pipelineId: 'a' }, { pipelineId: 'b' });
    world.send('a', 4);
    world.send('b', 4);
    await atDesk(world, (desk) => desk.purge('a', 'tasks'));
    const kinds = async () => {
      const { rows } = await atDesk(world, (desk) => desk.overview());
      const shown = await atDesk(world, (desk) => desk.show('a'));
      return [...rows, shown.row].map(({ verdict }) => verdict.kind);
    };
    expect(await kinds()).toEqual(['purging', 'atConcurrency', 'purging']);
    await world.pass(60);
    expect(await kinds()).not.toContain('purging');
  });

  it('of dead letters nothing is said of the tasks', async () => {
    const world = await stageWith({ pipelineId: 'a' });
    world.send('a', 4);
    await atDesk(world, (desk) => desk.purge('a', 'deadLetters'));
    expect((await atDesk(world, (desk) => desk.show('a'))).row.verdict.kind).not.toBe('purging');
  });
});

describe('a reference that has no value', () => {
  const verdictOf = async (environment: Record<string, string>, tasks: number) => {
    const world = await stageWith({ pipelineId: 'a', environment });
    world.send('a', tasks);
    return (await atDesk(world, (desk) => desk.show('a'), { failure })).row;
  };

  it('is named by its variable, never by what it refers to', async () => {
    const row = await verdictOf({ API_KEY: REFERENCE }, 3);
    expect(row.verdict).toEqual({ kind: 'unready', atMs: 0, variables: ['API_KEY'] });
    expect(JSON.stringify(row)).not.toContain(REFERENCE);
    expect(row.remedy?.field).toBe('environment.API_KEY');
  });

  it('is looked for only where there are references, and tasks', async () => {
    expect((await verdictOf({ API_KEY: 'plain' }, 3)).verdict.kind).not.toBe('unready');
    expect((await verdictOf({ API_KEY: REFERENCE }, 0)).verdict.kind).toBe('idle');
  });
});
