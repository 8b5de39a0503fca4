import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  type LambdaClient,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
  type Runtime,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import type { CodeRef, FunctionSpec } from '../core/lifecycle/target.ts';
import { ask, type Expected } from './errors.ts';
import { functionState } from './function-state.ts';
import { invokeFunction } from './invocations.ts';
import { isCodeMissing, isReservationRefused, isRoleNotReady } from './lambda-refusals.ts';
import type { ConsumerFunctions, FunctionAnswer } from './ports.ts';

/** Lambda answers at most so many functions at once. */
const FUNCTIONS_A_PAGE = 50;

export interface ConsumerFunctionsOptions {
  readonly codeBucket: string;
  /** Longest that an invoked function may take, milliseconds. */
  readonly invokeMs: number;
}

/**
 * Lambda functions, never retried by the SDK: each call has a permit of its own.
 * IAM, on the functions of the stage: lambda:GetFunction (`read`), lambda:CreateFunction and lambda:TagResource
 * (`create`), lambda:UpdateFunctionConfiguration (`configure`), lambda:UpdateFunctionCode (`updateCode`),
 * lambda:PutFunctionConcurrency (`reserveOne`), lambda:DeleteFunctionConcurrency (`releaseReservation`),
 * lambda:DeleteFunction (`delete`), lambda:InvokeFunction (`invoke`); on `*`: lambda:ListFunctions (`page`).
 * Besides: iam:PassRole on the consumers' role, lambda:GetLayerVersion on their layers, and on the code bucket
 * s3:GetObject, s3:GetObjectVersion and s3:ListBucket (without the last, S3 says of a missing object that it
 * is forbidden, and `noCode` cannot be told).
 */
export function createConsumerFunctions(
  client: LambdaClient,
  { codeBucket, invokeMs }: ConsumerFunctionsOptions,
): ConsumerFunctions {
  return {
    read: (name) =>
      ask('lambda:GetFunction', client.send(new GetFunctionCommand({ FunctionName: name })), functionState, {
        ResourceNotFoundException: () => undefined,
      }),

    create: (spec, code) =>
      ask(
        'lambda:CreateFunction',
        client.send(
          new CreateFunctionCommand({
            FunctionName: spec.name,
            PackageType: 'Zip',
            Code: codeOf(codeBucket, code),
            Architectures: [spec.architecture],
            Publish: false, // every published version would count against the account's code storage
            Tags: { ...spec.tags },
            ...settingsOf(spec),
            ...(spec.subnetIds.length > 0 ? { VpcConfig: vpcOf(spec) } : {}),
          }),
        ),
        (output) => ({ kind: 'created', codeSha256: output.CodeSha256 ?? '' }),
        {
          ResourceConflictException: () => ({ kind: 'exists' }),
          InvalidParameterValueException: (failure) => {
            if (isRoleNotReady(failure.reason)) return { kind: 'notReady' };
            if (isCodeMissing(failure.reason)) return { kind: 'noCode' };
            throw failure;
          },
        },
      ),

    configure: (spec) =>
      ask(
        'lambda:UpdateFunctionConfiguration',
        client.send(
          new UpdateFunctionConfigurationCommand({
            FunctionName: spec.name,
            ...settingsOf(spec),
            VpcConfig: vpcOf(spec), // empty lists take the function out of a VPC
          }),
        ),
        () => 'done',
        busyOrGone,
      ),

    updateCode: (spec, code) =>
      ask(
        'lambda:UpdateFunctionCode',
        client.send(
          new UpdateFunctionCodeCommand({
            FunctionName: spec.name,
            ...codeOf(codeBucket, code),
            Architectures: [spec.architecture],
            Publish: false,
          }),
        ),
        (output) => ({ kind: 'done', codeSha256: output.CodeSha256 ?? '' }),
        {
          ResourceConflictException: () => ({ kind: 'busy' }),
          ResourceNotFoundException: () => ({ kind: 'gone' }),
          InvalidParameterValueException: (failure) => {
            if (isCodeMissing(failure.reason)) return { kind: 'noCode' };
            throw failure;
          },
        },
      ),

    reserveOne: (name) =>
      ask(
        'lambda:PutFunctionConcurrency',
        client.send(
          new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 1 }),
        ),
        () => 'done',
        {
          ...busyOrGone,
          InvalidParameterValueException: (failure) => {
            if (isReservationRefused(failure.reason)) return 'noRoom';
            throw failure;
          },
        },
      ),

    releaseReservation: (name) =>
      ask(
        'lambda:DeleteFunctionConcurrency',
        client.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name })),
        () => 'done',
        busyOrGone,
      ),

    delete: (name) =>
      ask(
        'lambda:DeleteFunction',
        client.send(new DeleteFunctionCommand({ FunctionName: name })),
        () => 'deleted',
        { ResourceConflictException: () => 'busy', ResourceNotFoundException: () => 'gone' },
      ),

    invoke: (name, event) => invokeFunction(client, name, event, invokeMs),

    page: (cursor) =>
      ask(
        'lambda:ListFunctions',
        client.send(new ListFunctionsCommand({ MaxItems: FUNCTIONS_A_PAGE, Marker: cursor })),
        (output) => ({
          items: (output.Functions ?? []).map((one) => one.FunctionName ?? ''),
          ...(output.NextMarker ? { cursor: output.NextMarker } : {}),
        }),
      ),
  };
}

/** On anything but a create, a conflict means that the function is Pending or being updated. */
const busyOrGone: Expected<FunctionAnswer> = {
  ResourceConflictException: () => 'busy',
  ResourceNotFoundException: () => 'gone',
};

function codeOf(bucket: string, { key, version }: CodeRef) {
  return { S3Bucket: bucket, S3Key: key, S3ObjectVersion: version };
}

function vpcOf({ subnetIds, securityGroupIds }: FunctionSpec) {
  return { SubnetIds: [...subnetIds], SecurityGroupIds: [...securityGroupIds] };
}

function settingsOf(spec: FunctionSpec) {
  return {
    Role: spec.roleArn,
    Handler: spec.handler,
    Runtime: spec.runtime as Runtime,
    Timeout: spec.timeoutSeconds,
    MemorySize: spec.memoryMb,
    Environment: { Variables: { ...spec.environment } },
    Layers: [...spec.layers],
    TracingConfig: { Mode: spec.tracing ? ('Active' as const) : ('PassThrough' as const) },
    // Text: the consumer writes JSON lines itself, which the JSON format would wrap into JSON once more.
    LoggingConfig: { LogGroup: spec.logGroup, LogFormat: 'Text' as const },
  };
}
