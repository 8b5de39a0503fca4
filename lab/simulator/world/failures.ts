import { AwsError, type Operation } from '../../../aws/errors.ts';

/** Errors of AWS as `aws/` hands them on. */
function failure(operation: string, code: string, message: string, retryable: boolean): AwsError {
  const named: Operation = operation.includes(':') ? (operation as Operation) : `simulated:${operation}`;
  return new AwsError({ code, message, operation: named, requestId: undefined, retryable, cause: undefined });
}

export function serverError(operation: string): AwsError {
  return failure(operation, 'InternalServerError', 'the service failed', true);
}

export function throttled(operation: string): AwsError {
  return failure(operation, 'TooManyRequestsException', 'Rate exceeded', true);
}

export function noAnswer(operation: string): AwsError {
  return failure(operation, 'TimeoutError', 'no answer', true);
}

/** The request itself is wrong: sending it again cannot help. */
export function refused(operation: Operation, code: string, message: string): AwsError {
  return failure(operation, code, message, false);
}
