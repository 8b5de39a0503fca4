import { describe, expect, it } from '@jest/globals';
import { makeWorld } from './pipelines.ts';

describe('simulated Step Functions', () => {
  it('answers the running execution for the same name and input, and refuses a name once used', async () => {
    const world = makeWorld();
    const input = { pipelineId: 'x', verify: false, reason: 'test' };
    expect(world.executions.start('name', input)).toBe('started');
    expect(world.executions.start('name', input)).toBe('started');
    expect(world.executions.started.size).toBe(1);
    expect(world.executions.start('name', { ...input, verify: true })).toBe('already');
    await world.pass(60);
    expect(world.executions.running.size).toBe(0);
    expect(world.executions.start('name', input)).toBe('already');
    expect(() => world.executions.start('n'.repeat(81), input)).toThrow(/InvalidName/);
  });
});
