import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import type { BurstState } from '../../core/burst/burst-state.ts';
import { isStepCall } from '../../core/machine-step.ts';
import { control } from './control.ts';
import type { BurstStatus } from './report.ts';
import { runBurstStep } from './run-step.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** Called by people, and step by step by statemachines/burst.yml. A refusal is thrown: its name is the code. */
export const handler = middy<unknown, BurstStatus | BurstState>().handler((input, context) =>
  work(input, ports.clock.nowMs() + context.getRemainingTimeInMillis()),
);

function work(input: unknown, deadlineMs: number): Promise<BurstStatus | BurstState> {
  return isStepCall(input)
    ? runBurstStep(input, ports, settings, deadlineMs)
    : control(input, ports, deadlineMs);
}
