/** What AWS's errors are called here: `sqs:CreateQueue`, the same words as in an IAM policy. */
export type Operation = `${string}:${string}`;

export interface AwsErrorDetails {
  readonly code: string;
  readonly message: string;
  readonly operation: Operation;
  readonly requestId: string | undefined;
  readonly retryable: boolean;
  readonly cause: unknown;
}

/**
 * An answer of AWS that no port expects, or no answer at all. `cause` is the SDK's own error.
 * A caller that can do nothing better lets it go: the state machine retries what `retryable` says can help.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** AWS's own code, as `TooManyRequestsException`; `TimeoutError` or a socket's code if no answer came. */
  readonly code: string;
  /** `lambda`, `sqs`, `dynamodb`, `s3`, `states`, `events`, `cloudwatch`, `logs`. */
  readonly service: string;
  readonly operation: Operation;
  /** For AWS Support; absent if no answer came. */
  readonly requestId: string | undefined;
  /** Whether the same call may succeed later: throttles, faults of AWS and of the network. */
  readonly retryable: boolean;

  constructor(details: AwsErrorDetails) {
    const request = details.requestId === undefined ? '' : ` (request ${details.requestId})`;
    super(`${details.operation} failed: ${details.code}: ${details.message}${request}`, {
      cause: details.cause,
    });
    this.code = details.code;
    this.service = details.operation.slice(0, details.operation.indexOf(':'));
    this.operation = details.operation;
    this.requestId = details.requestId;
    this.retryable = details.retryable;
  }

  /** What AWS said, without our own words around it. */
  get reason(): string {
    return this.cause instanceof Error ? this.cause.message : this.message;
  }
}

/** The parts of the SDK's errors that are read; all of them may be absent. */
interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $retryable?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/**
 * SQS has two names for each error: that of its old protocol and that of its new one. Which one comes depends
 * on the endpoint: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-faqs.html
 */
const SQS_OLD_NAMES = new Map([
  ['AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist'],
  ['AWS.SimpleQueueService.QueueDeletedRecently', 'QueueDeletedRecently'],
  ['QueueAlreadyExists', 'QueueNameExists'],
]);

const THROTTLES = new Set([
  'TooManyRequestsException',
  'ThrottlingException',
  'Throttling',
  'RequestThrottled',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'SlowDown',
]);

const NO_ANSWER = new Set([
  'TimeoutError',
  'AbortError',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
]);

/** What the SDK says in words of its own workings. */
const TOLD_PLAINLY: Readonly<Record<string, string>> = { TimeoutError: 'no answer in time' };

/** Makes an {@link AwsError} of anything that a call of AWS threw. */
export function translate(error: unknown, operation: Operation): AwsError {
  if (error instanceof AwsError) return error;
  const { name, code: systemCode, message, $retryable, $metadata } = (error ?? {}) as SdkError;
  const status = $metadata?.httpStatusCode;
  // A socket's error is named `Error` and carries its name in `code`.
  const given = (name === undefined || name === 'Error' ? systemCode : name) ?? 'Unknown';
  // An answer without a body, as to HEAD, names no error.
  const code =
    given === 'Unknown' && status !== undefined ? `Http${status}` : (SQS_OLD_NAMES.get(given) ?? given);
  const isFault = status === 429 || (status ?? 0) >= 500;
  return new AwsError({
    code,
    message: TOLD_PLAINLY[code] ?? (message || 'no message'),
    operation,
    requestId: $metadata?.requestId,
    retryable: $retryable !== undefined || isFault || THROTTLES.has(code) || NO_ANSWER.has(code),
    cause: error,
  });
}

/** Answers that a port expects, by AWS's code. One that is not what it seemed throws the failure on. */
export type Expected<A> = Readonly<Record<string, (failure: AwsError) => A>>;

/**
 * Waits for a call of AWS and turns what it said into a port's answer. With expected errors, the type of the
 * answer comes from where it goes; without, from the answer itself.
 * @throws {AwsError} for every error that is not among the expected ones
 */
export function ask<Output, A>(
  operation: Operation,
  call: Promise<Output>,
  answer: (output: Output) => A,
): Promise<A>;
export function ask<Output, A>(
  operation: Operation,
  call: Promise<Output>,
  answer: (output: Output) => NoInfer<A>,
  expected: Expected<NoInfer<A>>,
): Promise<A>;
export async function ask<Output, A>(
  operation: Operation,
  call: Promise<Output>,
  answer: (output: Output) => A,
  expected: Expected<A> = {},
): Promise<A> {
  try {
    return answer(await call);
  } catch (error) {
    const failure = translate(error, operation);
    const known = Object.hasOwn(expected, failure.code) ? expected[failure.code] : undefined;
    if (known) return known(failure);
    throw failure;
  }
}
