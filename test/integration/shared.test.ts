import { jest } from '@jest/globals';
import { createConsumerShared } from '../../aws/consumer-shared.ts';
import { describeShared } from '../ports/shared.ts';
import { makeEmulatorWorld } from './emulator-world.ts';

jest.setTimeout(90_000);

/** As Lambda sets them: the runtime's clients have nothing else to go by. */
const VARIABLES = ['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

describeShared('on the local stage', async () => {
  const { emulator, stop } = await makeEmulatorWorld();
  const { endpoint, region, accessKeyId, secretAccessKey } = emulator;
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  const values = [endpoint, region, accessKeyId, secretAccessKey];
  VARIABLES.forEach((name, index) => {
    process.env[name] = values[index];
  });
  return {
    sharedOf: (pipelineId) => createConsumerShared({ flowTable: 'flow', holdsTable: 'holds', pipelineId }),
    stop: async () => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await stop();
    },
  };
});
