import { jsonError, lambdaError } from './fake-aws.ts';
import * as says from './refusal-texts.ts';

/** AWS's replies to calls that it refuses. */

export const PENDING = lambdaError(
  409,
  'ResourceConflictException',
  'The operation cannot be performed at this time. The function is currently in the following state: Pending',
);
export const UPDATING = lambdaError(
  409,
  'ResourceConflictException',
  'The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:eu-west-1:111122223333:function:f',
);
export const NO_FUNCTION = lambdaError(
  404,
  'ResourceNotFoundException',
  'Function not found: arn:aws:lambda:eu-west-1:1:function:f',
);
export const NO_MAPPING = lambdaError(
  404,
  'ResourceNotFoundException',
  'The resource you requested does not exist.',
);
export const TAKEN = lambdaError(409, 'ResourceConflictException', 'Function already exist: f');
export const MAPPING_ID = '2bac96f9-a36e-4017-a5a4-aa977086a2b6';
export const MAPPED = lambdaError(
  409,
  'ResourceConflictException',
  `An event source mapping with SQS arn (" arn:q ") and function (" f ") already exists. Please update or delete the existing mapping with UUID ${MAPPING_ID}`,
);
export const IN_USE = lambdaError(
  400,
  'ResourceInUseException',
  'Cannot update the event source mapping because it is in use.',
);

export const invalid = (message: string) => lambdaError(400, 'InvalidParameterValueException', message);
export const NO_KEY = invalid(says.NO_KEY);
export const NO_ROOM = invalid(says.NO_ROOM_100);
export const ROLE = invalid(says.ROLE);
export const NO_RECEIVE = invalid(says.NO_RECEIVE);

export const NO_QUEUE = jsonError('QueueDoesNotExist', 'The specified queue does not exist.');
export const QUEUE_DELETED = jsonError(
  'QueueDeletedRecently',
  'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
);
export const QUEUE_DIFFERS = jsonError(
  'QueueNameExists',
  'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
);
export const NO_SOURCE = jsonError(
  'ResourceNotFoundException',
  'The resource that you specified for the SourceArn parameter doesn\u2019t exist.',
);
export const NAME_USED = jsonError('ExecutionAlreadyExists', 'Execution Already Exists: arn:m:n');

/** A write's condition did not hold; `item` is what is there. */
export function refusedWrite(item?: object) {
  const more = item === undefined ? {} : { Item: item };
  return jsonError('ConditionalCheckFailedException', 'The conditional request failed', more);
}
