import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { MappingSettings } from '../core/lifecycle/differences.ts';
import { ask } from './errors.ts';
import { existingMappingId, isMappingNotReady } from './lambda-refusals.ts';
import type { MappingState, Mappings } from './ports.ts';

/** Lambda answers at most so many mappings at once. */
const MAPPINGS_A_PAGE = 100;

/**
 * Event source mappings from queues to functions, never retried by the SDK: each call has a permit of its own.
 * IAM: lambda:CreateEventSourceMapping, lambda:UpdateEventSourceMapping and lambda:DeleteEventSourceMapping
 * with the condition lambda:FunctionArn on the functions of the stage, lambda:TagResource (`create`),
 * lambda:GetEventSourceMapping (`read`); on `*`: lambda:ListEventSourceMappings (`find`, `page`).
 */
export function createMappings(client: LambdaClient): Mappings {
  return {
    create: (spec) =>
      ask(
        'lambda:CreateEventSourceMapping',
        client.send(
          new CreateEventSourceMappingCommand({
            FunctionName: spec.functionName,
            EventSourceArn: spec.queueArn,
            Tags: { ...spec.tags },
            ...settingsOf(spec),
          }),
        ),
        (output) => ({ kind: 'created', mapping: mappingState(output) }),
        {
          ResourceConflictException: (failure) => ({ kind: 'exists', id: existingMappingId(failure.reason) }),
          ResourceNotFoundException: (failure) => ({ kind: 'notReady', reason: failure.reason }),
          InvalidParameterValueException: (failure) => {
            if (isMappingNotReady(failure.reason)) return { kind: 'notReady', reason: failure.reason };
            throw failure;
          },
        },
      ),

    read: (id) =>
      ask(
        'lambda:GetEventSourceMapping',
        client.send(new GetEventSourceMappingCommand({ UUID: id })),
        mappingState,
        { ResourceNotFoundException: () => undefined },
      ),

    find: (functionName, queueArn) =>
      ask(
        'lambda:ListEventSourceMappings',
        client.send(
          new ListEventSourceMappingsCommand({ FunctionName: functionName, EventSourceArn: queueArn }),
        ),
        (output) =>
          (output.EventSourceMappings ?? [])
            .map(mappingState)
            .find((mapping) => mapping.functionName === functionName && mapping.queueArn === queueArn),
        { ResourceNotFoundException: () => undefined }, // the function is gone
      ),

    change: (id, change) =>
      ask(
        'lambda:UpdateEventSourceMapping',
        client.send(new UpdateEventSourceMappingCommand({ UUID: id, ...settingsOf(change) })),
        (output) => ({ kind: 'done', mapping: mappingState(output) }),
        {
          ResourceInUseException: () => ({ kind: 'inUse' }),
          ResourceConflictException: () => ({ kind: 'inUse' }),
          ResourceNotFoundException: () => ({ kind: 'gone' }),
        },
      ),

    delete: (id) =>
      ask(
        'lambda:DeleteEventSourceMapping',
        client.send(new DeleteEventSourceMappingCommand({ UUID: id })),
        () => 'deleting',
        {
          ResourceInUseException: () => 'inUse',
          ResourceConflictException: () => 'inUse',
          ResourceNotFoundException: () => 'gone',
        },
      ),

    page: (cursor) =>
      ask(
        'lambda:ListEventSourceMappings',
        client.send(new ListEventSourceMappingsCommand({ MaxItems: MAPPINGS_A_PAGE, Marker: cursor })),
        (output) => ({
          items: (output.EventSourceMappings ?? []).map(mappingState),
          ...(output.NextMarker ? { cursor: output.NextMarker } : {}),
        }),
      ),
  };
}

function settingsOf({
  enabled,
  maximumConcurrency,
  batchSize,
  batchWindowSeconds,
  partialFailures,
}: Partial<MappingSettings>) {
  return {
    ...(enabled === undefined ? {} : { Enabled: enabled }),
    ...(maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
    ...(batchSize === undefined ? {} : { BatchSize: batchSize }),
    ...(batchWindowSeconds === undefined ? {} : { MaximumBatchingWindowInSeconds: batchWindowSeconds }),
    ...(partialFailures === undefined
      ? {}
      : { FunctionResponseTypes: partialFailures ? ['ReportBatchItemFailures' as const] : [] }),
  };
}

/** Lambda has no field that says whether a mapping is on: its state says it, or where it is going. */
function mappingState(is: EventSourceMappingConfiguration): MappingState {
  const state = (is.State ?? 'Creating') as MappingState['state'];
  return {
    id: is.UUID ?? '',
    functionName: functionNameOf(is.FunctionArn ?? ''),
    queueArn: is.EventSourceArn ?? '',
    state,
    enabled: !['Disabling', 'Disabled', 'Deleting'].includes(state),
    // 0: somebody took the limit away. No pipeline wants that, so it is drift.
    maximumConcurrency: is.ScalingConfig?.MaximumConcurrency ?? 0,
    batchSize: is.BatchSize ?? 0,
    batchWindowSeconds: is.MaximumBatchingWindowInSeconds ?? 0,
    partialFailures: is.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
  };
}

/** `arn:aws:lambda:region:account:function:name`, perhaps with a version or alias after it. */
function functionNameOf(arn: string): string {
  return arn.split(':')[6] ?? '';
}
