import { describe, expect, it } from '@jest/globals';
import {
  existingMappingId,
  isCodeMissing,
  isMappingNotReady,
  isReservationRefused,
  isRoleNotReady,
} from '../../../aws/lambda-refusals.ts';

// Texts of AWS as people have met them, word for word.
const ROLE = 'The role defined for the function cannot be assumed by Lambda.';
const GRANT =
  'Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. Please check your KMS key settings.';
const NO_KEY =
  'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.';
const NO_VERSION =
  'Error occurred while GetObject. S3 Error Code: NoSuchVersion. S3 Error Message: The specified version does not exist.';
const BAD_VERSION =
  'Error occurred while GetObject. S3 Error Code: InvalidArgument. S3 Error Message: Invalid version id specified';
const DELETE_MARKER =
  'Error occurred while GetObject. S3 Error Code: MethodNotAllowed. S3 Error Message: The specified method is not allowed against this resource.';
const NO_BUCKET =
  'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist';
const FORBIDDEN =
  'Your access has been denied by S3, please make sure your request credentials have permission to GetObject for sluice-code/consumer.zip. S3 Error Code: AccessDenied. S3 Error Message: Access Denied';
const NO_ROOM_100 =
  "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].";
const NO_ROOM_10 =
  "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].";
const NO_RECEIVE = 'The provided execution role does not have permissions to call ReceiveMessage on SQS';
const NO_RECEIVE_NEW = 'The function execution role does not have permissions to call ReceiveMessage on SQS';
const NO_QUEUE =
  'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.';
const SHORT_VISIBILITY = 'Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds';
const NO_FUNCTION = 'Function does not exist';
const BAD_WINDOW =
  'MaximumBatchingWindowInSeconds must be greater than 0 if maximum batch size is greater than 10';
const BAD_ENVIRONMENT =
  'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.';

const ALL = [
  ROLE,
  GRANT,
  NO_KEY,
  NO_VERSION,
  BAD_VERSION,
  DELETE_MARKER,
  NO_BUCKET,
  FORBIDDEN,
  NO_ROOM_100,
  NO_ROOM_10,
  NO_RECEIVE,
  NO_RECEIVE_NEW,
  NO_QUEUE,
  SHORT_VISIBILITY,
  NO_FUNCTION,
  BAD_WINDOW,
  BAD_ENVIRONMENT,
];

describe('refusals of Lambda', () => {
  it.each<[string, (reason: string) => boolean, string[]]>([
    ['the role is not ready', isRoleNotReady, [ROLE, GRANT]],
    ['the code is missing', isCodeMissing, [NO_KEY, NO_VERSION, BAD_VERSION, DELETE_MARKER]],
    ['there is no room to reserve', isReservationRefused, [NO_ROOM_100, NO_ROOM_10]],
    [
      'the mapping has to wait',
      isMappingNotReady,
      [ROLE, GRANT, NO_RECEIVE, NO_RECEIVE_NEW, NO_QUEUE, SHORT_VISIBILITY, NO_FUNCTION],
    ],
  ])('say that %s in these texts and no others', (_what, test, texts) => {
    expect(ALL.filter(test)).toEqual(ALL.filter((text) => texts.includes(text)));
  });

  it.each([
    'An event source mapping with SQS arn (" arn:aws:sqs:us-east-1:542754589326:azul-tallies_retry-prod.fifo ") and function (" azul-indexer-prod-aggregate_retry ") already exists. Please update or delete the existing mapping with UUID 2bac96f9-a36e-4017-a5a4-aa977086a2b6',
    'The event source arn (" arn:aws:kinesis:us-east-1:108206174331:stream/jazz ") and function (" jazz ") provided mapping already exists. Please update or delete the existing mapping with UUID 2bac96f9-a36e-4017-a5a4-aa977086a2b6',
  ])('name the mapping that exists', (text) => {
    expect(existingMappingId(text)).toBe('2bac96f9-a36e-4017-a5a4-aa977086a2b6');
  });

  it('may name none', () => {
    expect(existingMappingId('A mapping for sluice-pipe-dev-2bac96f9-a36e exists.')).toBeUndefined();
  });
});
