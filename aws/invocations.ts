import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { shorten } from '../core/problems.ts';
import { ask, type Expected } from './errors.ts';
import type { InvokeAnswer } from './ports.ts';

/** An error's text may hold anything, and stands in a record. */
const ERROR_LENGTH = 1000;

/** What a function that threw leaves behind. */
export interface Fault {
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/**
 * Runs a function once and waits for its answer: longer than for other calls.
 * IAM: lambda:InvokeFunction on it.
 * @param limitMs no answer until then counts as a failure of the function; Lambda lets it run on
 */
export function invokeFunction(
  client: LambdaClient,
  name: string,
  event: unknown,
  limitMs: number,
): Promise<InvokeAnswer> {
  const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
  const options = {
    abortSignal: AbortSignal.timeout(limitMs),
    requestTimeout: 0, // none but the signal's
  };
  return ask(
    'lambda:InvokeFunction',
    client.send(command, options),
    ({ FunctionError, Payload }): InvokeAnswer => {
      const payload = readPayload(Payload);
      if (FunctionError === undefined) return { kind: 'returned', payload };
      const { errorType = FunctionError, errorMessage = 'no message' } = (payload ?? {}) as Fault;
      return { kind: 'failed', error: shorten(`${errorType}: ${errorMessage}`, ERROR_LENGTH) };
    },
    {
      ...NOT_NOW,
      ResourceNotFoundException: () => ({ kind: 'gone' }),
      AbortError: () => ({ kind: 'failed', error: `no answer within ${Math.round(limitMs / 1000)} s` }),
      // Lambda took the code and finds out only now.
      InvalidZipFileException: ({ reason }) => ({ kind: 'failed', error: reason }),
      InvalidRuntimeException: ({ reason }) => ({ kind: 'failed', error: reason }),
    },
  );
}

/** Throttled, Pending or being updated. */
const NOT_NOW: Expected<InvokeAnswer> = {
  TooManyRequestsException: () => ({ kind: 'busy' }),
  ResourceConflictException: () => ({ kind: 'busy' }),
  ResourceNotReadyException: () => ({ kind: 'busy' }),
};

/** What a function returned, or its {@link Fault}. */
export function readPayload(payload: Uint8Array | undefined): unknown {
  return JSON.parse(Buffer.from(payload ?? []).toString() || 'null');
}
