import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import type { BurstResult } from '../../core/burst/result.ts';
import { sendBurst } from './send-burst.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** Takes a burst of tasks for one pipeline. A refusal is thrown: its name is the code that callers branch on. */
export const handler = middy<unknown, BurstResult>().handler((input, context) =>
  sendBurst(input, ports, settings, {
    requestId: context.awsRequestId,
    deadlineMs: ports.clock.nowMs() + context.getRemainingTimeInMillis(),
  }),
);
