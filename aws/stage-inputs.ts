import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clients } from './clients.ts';
import { ask } from './errors.ts';
import { type Fault, readPayload } from './invocations.ts';

/** What people put into a stage: records and code. No function of Sluice's own writes either. */
export interface StageInputs {
  /** Adds the config record, or replaces the one of the same pipelineId. */
  putConfigRecord(record: Readonly<Record<string, unknown>>): Promise<void>;
  deleteConfigRecord(pipelineId: string): Promise<void>;
  /** Uploads consumer code and answers its version: a release, once the code listener has seen it. */
  uploadCode(key: string, zip: Uint8Array): Promise<string>;
}

/** IAM: dynamodb:PutItem and dynamodb:DeleteItem on the pipelines table, s3:PutObject on the code bucket. */
export function createStageInputs(
  { documents, s3 }: Clients,
  names: { readonly pipelinesTable: string; readonly codeBucket: string },
): StageInputs {
  return {
    putConfigRecord: (record) =>
      ask(
        'dynamodb:PutItem',
        documents.send(new PutCommand({ TableName: names.pipelinesTable, Item: record })),
        () => undefined,
      ),

    deleteConfigRecord: (pipelineId) =>
      ask(
        'dynamodb:DeleteItem',
        documents.send(new DeleteCommand({ TableName: names.pipelinesTable, Key: { pipelineId } })),
        () => undefined,
      ),

    uploadCode: (key, zip) => putObject(s3, names.codeBucket, key, zip),
  };
}

/** Puts an object and answers its version; empty where its bucket keeps none. IAM: s3:PutObject on the bucket. */
export function putObject(s3: S3Client, bucket: string, key: string, content: Uint8Array): Promise<string> {
  return ask(
    's3:PutObject',
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content })),
    (output) => output.VersionId ?? '',
  );
}

/**
 * Environment variables of one of the stage's own functions: the stage's settings, as they are deployed.
 * IAM: lambda:GetFunctionConfiguration on it.
 */
export function readFunctionEnvironment(
  { lambda }: Clients,
  functionName: string,
): Promise<Readonly<Record<string, string>>> {
  return ask(
    'lambda:GetFunctionConfiguration',
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName })),
    ({ Environment }) => Environment?.Variables ?? {},
  );
}

/** A call of one of the stage's functions that failed: the function threw, and this is what it said. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  /** The name of what was thrown, for instance `UnknownPipeline`. */
  readonly code: string;

  constructor(functionName: string, code: string, message: string) {
    super(`${functionName}: ${message}`);
    this.code = code;
  }
}

/**
 * Calls one of the stage's functions and waits for its answer. IAM: lambda:InvokeFunction on it.
 * @throws {CallFailed} where the function threw
 */
export async function callFunction(
  { lambda }: Clients,
  functionName: string,
  input: object,
): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(input) });
  const { failed, answer } = await ask(
    'lambda:Invoke',
    lambda.send(command),
    ({ FunctionError, Payload }) => ({
      failed: FunctionError !== undefined,
      answer: readPayload(Payload),
    }),
  );
  if (!failed) return answer;
  const { errorType = 'Error', errorMessage = '' } = (answer ?? {}) as Fault;
  throw new CallFailed(functionName, errorType, errorMessage);
}
