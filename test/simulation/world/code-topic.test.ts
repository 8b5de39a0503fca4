import { describe, expect, it } from '@jest/globals';
import { CODE_KEY } from '../../../lab/simulator/world/world.ts';
import { makeWorld } from './pipelines.ts';

describe('uploads in the simulated account', () => {
  it('are told of, and start the rollout of what is there', async () => {
    const world = makeWorld();
    world.upload(CODE_KEY, 'v3');
    expect(world.codeTopic.open).toBe(1);
    await world.pass(60);
    expect(world.codeTopic.open).toBe(0);
    expect([...world.rollouts.started.values()]).toMatchObject([{ key: CODE_KEY, version: 'v3' }]);
  });

  it('may be told of twice', async () => {
    const world = makeWorld({ duplicateEvents: 1 });
    world.upload(CODE_KEY, 'v3');
    expect(world.codeTopic.open).toBe(2);
    await world.pass(1_300);
    expect(world.codeTopic.open).toBe(0);
    expect(world.rollouts.started.size).toBe(1);
  });

  it('are told of three times in all where the listener fails, and then lie with the failures', async () => {
    let runs = 0;
    const crash = { ofRun: () => undefined, ofCall: () => 'crashBefore' as const };
    const world = makeWorld({}, { faults: crash });
    world.host.onEnd = ({ functionName }) => {
      if (functionName === 'code-listener') runs += 1;
    };
    world.upload(CODE_KEY, 'v3');
    await world.pass(100);
    expect([runs, world.codeTopic.open]).toEqual([2, 1]);
    await world.pass(200);
    expect([runs, world.codeTopic.open, world.codeTopic.deadLetters.length]).toEqual([3, 0, 1]);
  });
});
