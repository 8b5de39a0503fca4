import { describe, expect, it } from '@jest/globals';
import { makeWorld } from './pipelines.ts';

describe('simulated streams', () => {
  it('deliver at least once, in order per item, and bisect around a poison record into the destination', async () => {
    const world = makeWorld({ duplicateEvents: 1 });
    world.poison.add('bad');
    for (const id of ['a', 'bad', 'b', 'c', 'd', 'e']) world.configs.put(id, { pipelineId: id });
    await world.pass(1_200);
    expect(world.stream.deadLetters.map(({ pipelineId }) => pipelineId)).toEqual(['bad']);
    const phases = ['a', 'b', 'c', 'd', 'e'].map((id) => world.statuses.records.get(id)?.phase);
    expect(phases).toEqual(Array.from({ length: 5 }, () => 'Active'));
    expect(world.statuses.records.get('bad')).toBeUndefined();
  });
});
