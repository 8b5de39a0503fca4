import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ask } from './errors.ts';
import type { BurstRuns, Executions, Redrives, Rollouts } from './ports.ts';

/**
 * Starts the lifecycle machine. A name that is running with the same input is answered as started: Step
 * Functions hands out the running execution. Any other name used within 90 days is `already`.
 * IAM: states:StartExecution on the machine.
 * @param machineArn absent in functions that start none: `start` then throws
 */
export function createExecutions(client: SFNClient, machineArn: string | undefined): Executions {
  return { start: (name, input) => start(client, machineArn, 'LIFECYCLE_ARN', name, input) };
}

/** The same for the rollout machine. */
export function createRollouts(client: SFNClient, machineArn: string | undefined): Rollouts {
  return { start: (name, input) => start(client, machineArn, 'ROLLOUT_ARN', name, input) };
}

/** The same for the redrive machine. */
export function createRedrives(client: SFNClient, machineArn: string | undefined): Redrives {
  return { start: (name, input) => start(client, machineArn, 'REDRIVE_ARN', name, input) };
}

/** The same for the burst machine. */
export function createBurstRuns(client: SFNClient, machineArn: string | undefined): BurstRuns {
  return { start: (name, input) => start(client, machineArn, 'BURST_ARN', name, input) };
}

async function start(
  client: SFNClient,
  machineArn: string | undefined,
  variable: string,
  name: string,
  input: object,
): Promise<'started' | 'already'> {
  if (machineArn === undefined) throw new Error(`${variable} is not set: this function starts no executions`);
  return ask<unknown, 'started' | 'already'>(
    'states:StartExecution',
    client.send(
      new StartExecutionCommand({ stateMachineArn: machineArn, name, input: JSON.stringify(input) }),
    ),
    () => 'started',
    { ExecutionAlreadyExists: () => 'already' },
  );
}
