import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import { isStepCall } from '../../core/machine-step.ts';
import type { RedriveState } from '../../core/redrive/redrive-state.ts';
import type { RedriveDryRun } from './dry-run.ts';
import { redrive } from './redrive.ts';
import type { RedriveProgress } from './report.ts';
import { runRedriveStep } from './run-step.ts';

const ports = createPorts(readSettings(process.env));

/** Called by people, and step by step by statemachines/redrive.yml. A refusal is thrown: its name is the code. */
export const handler = middy<unknown, RedriveProgress | RedriveDryRun | RedriveState>().handler((input) =>
  isStepCall(input) ? runRedriveStep(input, ports) : redrive(input, ports),
);
