import { jest } from '@jest/globals';
import { createConsumerShared } from '../../aws/consumer-shared.ts';
import { describeShared } from '../ports/shared.ts';
import { makeEmulatorWorld } from './emulator-world.ts';

jest.setTimeout(90_000);

describeShared('on the local stage', async () => {
  const { world, stop } = await makeEmulatorWorld();
  return {
    sharedOf: (pipelineId) => createConsumerShared({ flowTable: 'flow', holdsTable: 'holds', pipelineId }),
    pullTurns: world.ports.flow.pullTurns,
    stop,
  };
});
