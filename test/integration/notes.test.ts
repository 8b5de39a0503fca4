import { jest } from '@jest/globals';
import { createConsumerBursts } from '../../aws/consumer-bursts.ts';
import { describeNotes } from '../ports/notes.ts';
import { makeEmulatorWorld } from './emulator-world.ts';

jest.setTimeout(90_000);

describeNotes('on the local stage', async () => {
  const { world, stop } = await makeEmulatorWorld();
  return {
    notes: createConsumerBursts('bursts'),
    shard: async (partsId, shard) => (await world.ports.bursts.readShards(partsId, [shard])).get(shard),
    hasEnded: world.hasEnded,
    stop,
  };
});
