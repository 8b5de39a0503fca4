import { describe, expect, it } from '@jest/globals';
import { pipelineNames } from '../../../../core/names.ts';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import { stageWith } from '../simulated-stage.ts';
import { tick } from './tick.ts';

const attention = (world: World) =>
  world.events.published.filter(({ detailType }) => detailType === 'Pipelines need attention');

/** What the last tick has said of all pipelines together. */
function said(world: World) {
  const values = new Map<string, number>();
  const metrics = { count: (name: string, value: number) => void values.set(name, value) };
  const sweep = () => tick(world, (ports) => ({ ...ports, metrics }));
  return { values, sweep };
}

/** Puts messages into a queue of a pipeline by hand. */
function put(world: World, queueName: string, bodies: readonly string[]): void {
  const url = world.queues.byName.get(queueName)?.url ?? '';
  world.queues.send(
    url,
    bodies.map((body, at) => ({ id: String(at), body })),
  );
}

describe('a tick', () => {
  it('names a pipeline with dead letters once, and tells when it has none any more', async () => {
    const world = await stageWith({ pipelineId: 'p' }, { pipelineId: 'q' });
    const { deadLetterQueue } = pipelineNames(STAGE, 'p');
    put(world, deadLetterQueue, ['one', 'two']);
    await world.pass(60);
    const { values, sweep } = said(world);
    await sweep();
    await world.pass(60);
    await sweep();
    expect(attention(world).map(({ detail }) => detail)).toMatchObject([
      {
        stage: STAGE,
        pipelines: 2,
        needing: 1,
        needs: { deadLetters: 1 },
        unseen: 0,
        worst: [
          {
            pipelineId: 'p',
            need: 'deadLetters',
            remedy: { action: 'look at their reasons, mend, and redrive' },
            evidence: { phase: 'Active', deadLetters: 2 },
          },
        ],
      },
    ]);
    expect(values.get('DeadLetters')).toBe(2);

    const letters = world.queues.byName.get(deadLetterQueue)?.messages;
    for (const letter of [...(letters?.all() ?? [])]) letters?.remove(letter, world.nowMs());
    await world.pass(60);
    await sweep();
    expect(attention(world).at(-1)?.detail).toMatchObject({ needing: 0, needs: {}, worst: [] });
    expect(attention(world)).toHaveLength(2);
    expect(values.get('DeadLetters')).toBe(0);
  });

  it('finds a pipeline stuck whose tasks wait for five minutes while none runs', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    const id = world.statuses.read('p')?.eventSourceMappingId ?? '';
    // Nobody receives: the queue is filled and its mapping is off, as if the consumer's role had lost its permission.
    world.mappings.change(id, { enabled: false });
    await world.pass(60);
    put(world, pipelineNames(STAGE, 'p').queue, ['one']);
    const values = new Map<string, number>();
    const metrics = { count: (name: string, value: number) => void values.set(name, value) };
    for (let minute = 0; minute <= 7; minute += 1) {
      await world.pass(60);
      // Runs would mend the mapping.
      await tick(world, (ports) => ({ ...ports, metrics, executions: { start: async () => 'already' } }));
    }
    expect(attention(world).map(({ detail }) => detail.needs)).toEqual([{ stuck: 1 }]);
    expect(values.get('PipelinesStuck')).toBe(1);
    expect(values.get('OldestTaskSeconds')).toBeGreaterThanOrEqual(300);
  });

  it('goes on with its other work whatever is wrong with the sweep', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    put(world, pipelineNames(STAGE, 'p').deadLetterQueue, ['one']);
    await world.pass(60);
    const done = await tick(world, (ports) => ({
      ...ports,
      events: {
        publish: async () => {
          throw new Error('no events today');
        },
      },
    }));
    expect(done).toMatchObject({ looked: 1, warnings: ['a look failed'] });
  });
});
