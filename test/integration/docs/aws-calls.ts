import { readFile } from 'node:fs/promises';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { TestStage } from '../stage/test-stage.ts';
import type { Ended } from './run-step.ts';

type Words = readonly string[];
type Make = (words: Words, stage: TestStage, folder: string) => Promise<unknown>;

/** The calls of the AWS CLI that the docs make, by the SDK: the CLI is no part of the project. */
const CALLS: Readonly<Record<string, Make>> = {
  'lambda invoke': async (words, { clients }) => {
    const input = { FunctionName: optionOf(words, '--function-name'), Payload: optionOf(words, '--payload') };
    const { Payload, FunctionError } = await clients.lambda.send(new InvokeCommand(input));
    const said = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(said);
    return JSON.parse(said) as unknown;
  },
  'ssm put-parameter': async (words, { connection }) => {
    const { endpoint, region, accessKeyId, secretAccessKey } = connection;
    const ssm = new SSMClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    const input = {
      Name: optionOf(words, '--name'),
      Type: 'SecureString',
      Value: optionOf(words, '--value'),
    } as const;
    return ssm.send(new PutParameterCommand({ ...input, Overwrite: true }));
  },
  'dynamodb query': async (words, { clients }) =>
    (
      await clients.documents.send(
        new QueryCommand({
          TableName: optionOf(words, '--table-name'),
          KeyConditionExpression: optionOf(words, '--key-condition-expression'),
          ExpressionAttributeValues: JSON.parse(optionOf(words, '--expression-attribute-values')),
          ProjectionExpression: optionOf(words, '--projection-expression'),
          ExpressionAttributeNames: JSON.parse(optionOf(words, '--expression-attribute-names')),
        }),
      )
    ).Items,
  's3 cp': async ([, , , from = '', to = ''], { clients }, folder) => {
    const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(to) ?? [];
    await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: await readFile(`${folder}/${from}`) }));
    return 'uploaded';
  },
};

export async function callAws(words: Words, stage: TestStage, folder: string): Promise<Ended> {
  const make = CALLS[words.slice(1, 3).join(' ')];
  if (make === undefined) throw new RangeError(`nobody here makes the call ${words.join(' ')}`);
  try {
    return { exit: 0, said: JSON.stringify(await make(words, stage, folder)) };
  } catch (error) {
    return { exit: 1, said: String(error) };
  }
}

function optionOf(words: Words, option: string): string {
  const value = words[words.indexOf(option) + 1];
  if (!words.includes(option) || value === undefined) throw new RangeError(`there is no ${option}`);
  return value;
}
