import { describe, expect, it } from '@jest/globals';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import * as show from '../../../../operator/cli/commands/show.ts';
import * as why from '../../../../operator/cli/commands/why.ts';
import { planText } from '../../../../operator/cli/plan-text.ts';
import { plain } from '../../../../operator/cli/terminal.ts';
import { readPlan } from '../../../../operator/desk/read-plan.ts';
import type { Desk } from '../../../../operator/views/desk.ts';
import { run, stageWith } from '../../functions/simulated-stage.ts';
import { atDesk, peoplesPorts } from '../desk/people.ts';
import { typed } from './typed.ts';

const deskOf = (world: World): Partial<Desk> => ({
  show: (id, showValues) => atDesk(world, (desk) => desk.show(id, showValues)),
  overview: (which) => atDesk(world, (desk) => desk.overview(which)),
});

const record = {
  pipelineId: 'a',
  paused: true,
  rateLimit: { tasks: 10, perSeconds: 4 },
  environment: { KEY: 'hush' },
};

describe('what people read', () => {
  it('of one pipeline: why it waits first, then what it has, then its record', async () => {
    const world = await stageWith(record);
    world.send('a', 3);
    const { out } = await typed(show, { desk: deskOf(world), args: ['a'] });
    expect(out.slice(0, 6)).toEqual([
      'a  Paused',
      '  paused by its record, 3 tasks waiting',
      '  what would change it: set paused to false (paused in its record)',
      '',
      '  queue         0 running, 3 waiting, 0 later',
      '  dead letters  0 dead letters',
    ]);
    expect(out).toContain('  environment.KEY: ••••••••');
    expect(out.find((line) => line.startsWith('  limits'))).toContain('2.50 starts a second, kept by ledger');
    const open = await typed(show, { desk: deskOf(world), args: ['a'], options: { values: true } });
    expect(open.out).toContain('  environment.KEY: hush');
  });

  it('of one whose record is bad: all that is wrong with it', async () => {
    const world = await stageWith({ pipelineId: 'a', concurrency: 0, memoryMb: 1 });
    const { out } = await typed(show, { desk: deskOf(world), args: ['a'] });
    const from = out.indexOf('what is wrong with its record');
    expect(out.slice(from + 1).map((line) => line.trim().split(' ')[0])).toEqual(['concurrency', 'memoryMb']);
  });

  it('of why some wait: a line each, and what would change it', async () => {
    const world = await stageWith(
      { pipelineId: 'a', paused: true },
      { pipelineId: 'ab' },
      { pipelineId: 'b' },
    );
    const { out } = await typed(why, { desk: deskOf(world), args: ['a*'] });
    expect(out).toEqual([
      'a: paused by its record, 0 tasks waiting',
      '  what would change it: set paused to false (paused in its record)',
      'ab: idle',
    ]);
    const json = await typed(why, { desk: deskOf(world), args: ['b'], options: { json: true } });
    expect(JSON.parse(json.out.join(''))).toEqual([
      { pipelineId: 'b', verdict: { kind: 'idle', isResting: false }, says: 'idle' },
    ]);
  });

  it('of a plan: what there is, what is too much, and what it costs', async () => {
    const world = await stageWith(
      { pipelineId: 'a', concurrency: 700 },
      { pipelineId: 'b', concurrency: 600 },
    );
    world.configs.put('bad', { pipelineId: 'bad', concurrency: 0 });
    const plan = await run(world, (ports) =>
      readPlan({ stage: STAGE, ports: peoplesPorts(world, ports) }, 1_000_000),
    );
    const lines = planText(plan, plain);
    expect(lines[0]).toBe('pipelines     2');
    expect(lines[1]).toContain('not valid     1 record: bad;');
    expect(lines[2]).toBe(
      'at once       1,300 of 1,000 that the account allows — 300 too many if all work: they share what there is',
    );
    expect(lines.find((line) => line.startsWith('load'))).toMatch(
      /^load {10}\$\d+\.\d\d for 1,000,000 tasks a month: /,
    );
    expect(lines.at(-1)).toBe('in queues     0 tasks');
  });
});
