import { describe, expect, it } from '@jest/globals';
import { stageWith } from '../simulated-stage.ts';
import { tick } from './tick.ts';

describe("the account's code storage", () => {
  it.each([
    [0.8, 0],
    [0.81, 1],
  ])('is reported, and warned of above 80 %%: %d', async (share, warned) => {
    const world = await stageWith();
    world.functions.codeBytesUsed = share * world.functions.limits().codeBytesAllowed;
    const { warnings } = await tick(world);
    expect(world.metrics.get('CodeStorageShare')).toBeCloseTo(share);
    expect(warnings.filter((message) => message.startsWith('code storage: '))).toHaveLength(warned);
  });
});
