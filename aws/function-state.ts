import type { GetFunctionResponse } from '@aws-sdk/client-lambda';
import type { FunctionState } from './ports.ts';

/** What Lambda's own defaults are, where an answer leaves a field out. */
const TIMEOUT_SECONDS = 3;
const MEMORY_MB = 128;

/** Reads the answer of GetFunction. */
export function functionState(output: GetFunctionResponse): FunctionState {
  const { Configuration: is = {}, Concurrency, Tags } = output;
  return {
    arn: is.FunctionArn ?? '',
    architecture: is.Architectures?.[0] ?? 'x86_64',
    roleArn: is.Role ?? '',
    handler: is.Handler ?? '',
    runtime: is.Runtime ?? '',
    timeoutSeconds: is.Timeout ?? TIMEOUT_SECONDS,
    memoryMb: is.MemorySize ?? MEMORY_MB,
    environment: is.Environment?.Variables ?? {},
    layers: (is.Layers ?? []).map((layer) => layer.Arn ?? ''),
    subnetIds: is.VpcConfig?.SubnetIds ?? [],
    securityGroupIds: is.VpcConfig?.SecurityGroupIds ?? [],
    tracing: is.TracingConfig?.Mode === 'Active',
    logGroup: is.LoggingConfig?.LogGroup ?? `/aws/lambda/${is.FunctionName}`,
    state: stateOf(is.State),
    ...(is.StateReason ? { stateReason: is.StateReason } : {}),
    lastUpdate: is.LastUpdateStatus ?? 'Successful',
    ...(is.LastUpdateStatusReason ? { lastUpdateReason: is.LastUpdateStatusReason } : {}),
    codeSha256: is.CodeSha256 ?? '',
    ...(Concurrency?.ReservedConcurrentExecutions === undefined
      ? {}
      : { reservedConcurrency: Concurrency.ReservedConcurrentExecutions }),
    tags: Tags ?? {},
  };
}

/** Lambda has more states for kinds of functions that consumers are not; none of them runs tasks. */
function stateOf(state: string | undefined): FunctionState['state'] {
  switch (state) {
    case undefined:
    case 'Active':
      return 'Active';
    case 'Pending':
    case 'Failed':
      return state;
    default:
      return 'Inactive';
  }
}
