import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { type Clients, type Connection, createClients } from '../../../aws/clients.ts';

/** Names of everything in an account, of every kind that a stage is made of. */
export async function everything(connection: Connection): Promise<readonly string[]> {
  const clients = createClients({ callMs: 20_000, connection });
  const names = [...(await namesOf(clients)), ...(await logGroups(connection))];
  for (const client of Object.values(clients)) client.destroy();
  return names.sort();
}

async function namesOf({ lambda, sqs, s3, sfn, documents }: Clients): Promise<string[]> {
  const [functions, mappings, queues, buckets, machines, tables] = await Promise.all([
    lambda.send(new ListFunctionsCommand({})),
    lambda.send(new ListEventSourceMappingsCommand({})),
    sqs.send(new ListQueuesCommand({})),
    s3.send(new ListBucketsCommand({})),
    sfn.send(new ListStateMachinesCommand({})),
    documents.send(new ListTablesCommand({})),
  ]);
  const names = [
    ...(functions.Functions ?? []).map(({ FunctionName }) => FunctionName),
    ...(mappings.EventSourceMappings ?? []).map(({ FunctionArn }) => FunctionArn),
    ...(queues.QueueUrls ?? []),
    ...(buckets.Buckets ?? []).map(({ Name }) => Name),
    ...(machines.stateMachines ?? []).map(({ name }) => name),
    ...(tables.TableNames ?? []),
  ];
  return names.map((name) => name ?? '');
}

async function logGroups({ endpoint, region, accessKeyId, secretAccessKey }: Connection): Promise<string[]> {
  const client = new CloudWatchLogsClient({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
  });
  const { logGroups: groups = [] } = await client.send(new DescribeLogGroupsCommand({}));
  client.destroy();
  return groups.map(({ logGroupName = '' }) => logGroupName);
}

/** Whether a name is of this stage. */
export const of = (stage: string) => (name: string) =>
  new RegExp(`sluice-(pipe-)?${stage}-|/sluice/${stage}/`).test(name);
