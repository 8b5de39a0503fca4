import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Connection } from './clients.ts';
import { ask } from './errors.ts';

/**
 * The outputs of a stack by name, for programs outside of it.
 * IAM: cloudformation:DescribeStacks on the stack.
 * @param connection absent: as the SDK finds it
 * @returns undefined if there is no such stack
 */
export async function readStageOutputs(
  connection: Connection | undefined,
  stackName: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const client = new CloudFormationClient(connection === undefined ? {} : placeOf(connection));
  return ask(
    'cloudformation:DescribeStacks',
    client.send(new DescribeStacksCommand({ StackName: stackName })),
    ({ Stacks = [] }) =>
      Object.fromEntries(
        (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      ),
    { ValidationError: () => undefined }, // CloudFormation's word for "does not exist"
  );
}

function placeOf({ endpoint, region, accessKeyId, secretAccessKey }: Connection) {
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}
