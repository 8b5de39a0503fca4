import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import { type RestoreResult, restoreSalvage } from './restore-salvage.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** Sends salvaged tasks to their pipeline again. A refusal is thrown: its name is the code. */
export const handler = middy<unknown, RestoreResult>().handler((input, context) =>
  restoreSalvage(input, ports, settings, ports.clock.nowMs() + context.getRemainingTimeInMillis()),
);
