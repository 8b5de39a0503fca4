import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import type { RedriveState } from '../../core/redrive/redrive-state.ts';
import type { RedriveDryRun } from './dry-run.ts';
import { redrive } from './redrive.ts';
import type { RedriveProgress } from './report.ts';
import { isStep, runRedriveStep } from './run-step.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** Called by people, and step by step by statemachines/redrive.yml. A refusal is thrown: its name is the code. */
export const handler = middy<unknown, RedriveProgress | RedriveDryRun | RedriveState>().handler(
  (input, context) => {
    const deadlineMs = ports.clock.nowMs() + context.getRemainingTimeInMillis();
    return isStep(input)
      ? runRedriveStep(input, ports, settings, deadlineMs)
      : redrive(input, ports, settings, deadlineMs);
  },
);
