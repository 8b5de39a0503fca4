import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ask } from './errors.ts';
import type { Executions } from './ports.ts';

/**
 * Starts the lifecycle machine. A name that is running with the same input is answered as started: Step
 * Functions hands out the running execution. Any other name used within 90 days is `already`.
 * IAM: states:StartExecution on the machine.
 * @param machineArn absent in functions that start none: `start` then throws
 */
export function createExecutions(client: SFNClient, machineArn: string | undefined): Executions {
  return {
    async start(name, input) {
      if (machineArn === undefined)
        throw new Error('LIFECYCLE_ARN is not set: this function starts no executions');
      return ask(
        'states:StartExecution',
        client.send(
          new StartExecutionCommand({ stateMachineArn: machineArn, name, input: JSON.stringify(input) }),
        ),
        () => 'started',
        { ExecutionAlreadyExists: () => 'already' },
      );
    },
  };
}
