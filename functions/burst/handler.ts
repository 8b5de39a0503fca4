import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import type { BurstState } from '../../core/burst/burst-state.ts';
import { type BurstStatus, control } from './control.ts';
import { isStep, runBurstStep } from './run-step.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** Called by people, and step by step by statemachines/burst.yml. A refusal is thrown: its name is the code. */
export const handler = middy<unknown, BurstStatus | BurstState>().handler((input, context) =>
  isStep(input)
    ? runBurstStep(input, ports, settings, ports.clock.nowMs() + context.getRemainingTimeInMillis())
    : control(input, ports),
);
