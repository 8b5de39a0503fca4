import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Connection } from './clients.ts';
import { ask } from './errors.ts';

/**
 * The outputs of a stack by name, for programs outside of it.
 * IAM: cloudformation:DescribeStacks on the stack.
 * @returns undefined if there is no such stack
 */
export async function readStageOutputs(
  connection: Connection,
  stackName: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { endpoint, region, accessKeyId, secretAccessKey } = connection;
  const client = new CloudFormationClient({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
  });
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
