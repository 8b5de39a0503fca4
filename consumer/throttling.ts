/**
 * Throttling, in whatever a handler threw: a downstream that says "not now" says it of the whole task group.
 *
 * Where the clients keep an answer's status and headers:
 * fetch's `Response` has `status` and `headers`, and so have openai's and Anthropic's APIError
 * (https://github.com/openai/openai-node/blob/master/src/core/error.ts); undici's errors have `statusCode` and
 * `headers` (https://github.com/nodejs/undici/blob/main/lib/core/errors.js); those of axios, ky, Octokit
 * (@octokit/request-error) and got have a `response` with `status` or, got, `statusCode`; those of the AWS SDK have
 * `$metadata.httpStatusCode` and `$response.headers`.
 */

import { headersOf, read } from './throttling/headers.ts';
import { numberOf, waitOf, wholeMs } from './throttling/wait.ts';

/** A downstream that refused for now. */
export interface Throttling {
  /** What it asked to wait, milliseconds, a whole number however large; 0: at once. Missing: it did not say. */
  readonly retryAfterMs?: number;
  /** Of its answer. */
  readonly status?: number;
}

const THROTTLED = 'SluiceThrottled';

/**
 * Names that the AWS SDK takes for throttling, whatever the status (THROTTLING_ERROR_CODES of @smithy/core,
 * service-error-classification). Without those that also stand for what no waiting ends, as a quota of resources
 * (LimitExceededException), or for a task's own conflict (PriorRequestNotComplete, TransactionInProgressException):
 * a group that holds for these holds for good.
 */
const AWS_NAMES =
  /^(?:BandwidthLimitExceeded|EC2ThrottledException|ProvisionedThroughputExceededException|Request(?:LimitExceeded|Throttled(?:Exception)?)|SlowDown|ThrottledException|Throttling(?:Exception)?|TooManyRequestsException)$/;

/** Causes of causes are followed this far. */
const MAX_DEPTH = 10;

/**
 * Recognises a throttling downstream: `Throttled`, HTTP 429 and 503, 403 with a quota of which nothing remains or with
 * a Retry-After (GitHub: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api), the AWS
 * SDK's throttling errors, and all of these as `cause` of another error. Never throws.
 * @param error whatever was thrown
 * @param nowMs now, epoch milliseconds: for dates in answers that have none of their own
 * @returns undefined if it is nothing of that. The outermost that is throttling, with the wait of the first in the
 *   chain of causes that says one
 */
export function throttlingOf(error: unknown, nowMs: number): Throttling | undefined {
  let found: Throttling | undefined;
  let link = error;
  for (let depth = 0; depth < MAX_DEPTH && link !== undefined; depth++) {
    const seen = throttlingIn(link, nowMs);
    if (seen !== undefined) found = { ...seen, ...found };
    if (found?.retryAfterMs !== undefined) break;
    link = read(link, 'cause');
  }
  return found;
}

function throttlingIn(error: unknown, nowMs: number): Throttling | undefined {
  const response = read(error, 'response');
  const status = statusOf(error, response);
  const headers = headersOf(
    read(response, 'headers'),
    read(read(error, '$response'), 'headers'),
    read(error, 'headers'),
  );
  const wait = waitOf(headers, nowMs);
  const refused = status === 429 || status === 503 || (status === 403 && wait.refused);
  if (!refused && !isNamedThrottling(error)) return undefined;
  // Of `Throttled`; Lambda's TooManyRequestsException has it, too, as a text.
  const seconds = numberOf(read(error, 'retryAfterSeconds'));
  const retryAfterMs = seconds === undefined ? wait.retryAfterMs : wholeMs(seconds * 1_000);
  return {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === undefined ? {} : { status }),
  };
}

function statusOf(error: unknown, response: unknown): number | undefined {
  return [
    read(response, 'status'),
    read(response, 'statusCode'),
    read(read(error, '$metadata'), 'httpStatusCode'),
    read(error, 'status'),
    read(error, 'statusCode'),
  ]
    .map(numberOf)
    .find((status) => status !== undefined && status >= 100);
}

function isNamedThrottling(error: unknown): boolean {
  const name = read(error, 'name');
  return (
    read(error, 'code') === THROTTLED ||
    read(read(error, '$retryable'), 'throttling') === true ||
    (typeof name === 'string' && AWS_NAMES.test(name))
  );
}
