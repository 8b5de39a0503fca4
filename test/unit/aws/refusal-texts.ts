/** What Lambda says when it refuses, as people have met it, word for word. */

export const ROLE = 'The role defined for the function cannot be assumed by Lambda.';
export const GRANT =
  'Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. Please check your KMS key settings.';
export const NO_KEY =
  'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.';
export const NO_VERSION =
  'Error occurred while GetObject. S3 Error Code: NoSuchVersion. S3 Error Message: The specified version does not exist.';
export const BAD_VERSION =
  'Error occurred while GetObject. S3 Error Code: InvalidArgument. S3 Error Message: Invalid version id specified';
export const DELETE_MARKER =
  'Error occurred while GetObject. S3 Error Code: MethodNotAllowed. S3 Error Message: The specified method is not allowed against this resource.';
export const NO_BUCKET =
  'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist';
export const FORBIDDEN =
  'Your access has been denied by S3, please make sure your request credentials have permission to GetObject for sluice-code/consumer.zip. S3 Error Code: AccessDenied. S3 Error Message: Access Denied';
export const NO_ROOM_100 =
  "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].";
export const NO_ROOM_10 =
  "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].";
export const NO_RECEIVE =
  'The provided execution role does not have permissions to call ReceiveMessage on SQS';
export const NO_RECEIVE_NEW =
  'The function execution role does not have permissions to call ReceiveMessage on SQS';
export const NO_QUEUE =
  'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.';
export const SHORT_VISIBILITY =
  'Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds';
export const NO_FUNCTION = 'Function does not exist';
export const BAD_WINDOW =
  'MaximumBatchingWindowInSeconds must be greater than 0 if maximum batch size is greater than 10';
export const BAD_ENVIRONMENT =
  'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.';
