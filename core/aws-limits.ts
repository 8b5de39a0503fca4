/** The limits of AWS that the code lives by, each with the page that states it. Numbers are AWS's, not ours. */

// ── SQS ──────────────────────────────────────────────────────────────────────────────────────────

/**
 * Longest delay of one message.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const SQS_MAX_DELAY_SECONDS = 900;

/**
 * Most entries of one SendMessageBatch, DeleteMessageBatch or ReceiveMessage.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export const SQS_BATCH_ENTRIES = 10;

/**
 * Most bytes of one message, and of all messages of one batch together: 1 MiB.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export const SQS_BATCH_BYTES = 1_048_576;

/**
 * Most attributes of one message.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const SQS_MESSAGE_ATTRIBUTES = 10;

/**
 * How long a deleted queue's name is blocked. Sends in that time may succeed and be lost.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
 */
export const QUEUE_NAME_BLOCKED_SECONDS = 60;

/**
 * A new queue can be used only this long after CreateQueue.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
 */
export const QUEUE_USABLE_AFTER_SECONDS = 1;

/**
 * How long a change of a queue's attributes, its policy included, may take to reach everywhere.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export const QUEUE_ATTRIBUTES_PROPAGATION_SECONDS = 60;

/**
 * The same for the retention period.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export const QUEUE_RETENTION_PROPAGATION_SECONDS = 900;

/**
 * Longest visibility timeout: 12 hours.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const SQS_VISIBILITY_MAX_SECONDS = 43_200;

/**
 * Shortest retention of a message.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const SQS_RETENTION_MIN_SECONDS = 60;

/**
 * Longest retention of a message: 14 days.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const SQS_RETENTION_MAX_SECONDS = 1_209_600;

/**
 * Longest wait of one ReceiveMessage.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
export const SQS_LONG_POLL_SECONDS = 20;

/**
 * Longest name of a queue.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
export const QUEUE_NAME_CHARACTERS = 80;

/**
 * Highest maxReceiveCount of a redrive policy.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue.html
 */
export const SQS_RECEIVE_COUNT_MAX = 1000;

/**
 * Fastest rate of one redrive task (StartMessageMoveTask).
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export const REDRIVE_MAX_PER_SECOND = 500;

// ── Event source mapping, SQS to Lambda ──────────────────────────────────────────────────────────

/**
 * Lowest MaximumConcurrency of a mapping; one at a time needs reserved concurrency as well.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const MAPPING_CONCURRENCY_MIN = 2;

/**
 * Highest MaximumConcurrency of a mapping.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const MAPPING_CONCURRENCY_MAX = 1000;

/**
 * Largest batch of a standard queue.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
 */
export const MAPPING_BATCH_MAX = 10_000;

/**
 * Largest batch without a batching window of at least a second.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export const MAPPING_BATCH_MAX_WITHOUT_WINDOW = 10;

/**
 * Longest batching window.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export const MAPPING_WINDOW_MAX_SECONDS = 300;

/**
 * AWS advises a visibility timeout of this many function timeouts (plus the batching window), so that a
 * throttled batch can be tried again before its messages come back. Less than one is refused.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const VISIBILITY_TIMEOUTS = 6;

// ── Lambda ───────────────────────────────────────────────────────────────────────────────────────

/**
 * Control-plane calls per second and region, all APIs together save GetFunction and GetPolicy; not raisable.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests
 */
export const LAMBDA_CONTROL_PLANE_PER_SECOND = 15;

/**
 * GetFunction calls per second and region: a bucket of its own.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests
 */
export const LAMBDA_GET_FUNCTION_PER_SECOND = 100;

/**
 * Concurrent executions that no function may have reserved.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html
 */
export const LAMBDA_UNRESERVED_MIN = 100;

/**
 * Longest function timeout.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#function-configuration-deployment-and-execution
 */
export const LAMBDA_TIMEOUT_MAX_SECONDS = 900;

/**
 * Least memory of a function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#function-configuration-deployment-and-execution
 */
export const LAMBDA_MEMORY_MIN_MB = 128;

/**
 * Most memory of a function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#function-configuration-deployment-and-execution
 */
export const LAMBDA_MEMORY_MAX_MB = 10_240;

/**
 * All environment variables of a function together, names and values: 4 KB.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#function-configuration-deployment-and-execution
 */
export const LAMBDA_ENVIRONMENT_BYTES = 4096;

/**
 * Longest name of a function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export const FUNCTION_NAME_CHARACTERS = 64;

// ── Step Functions, S3, DynamoDB ─────────────────────────────────────────────────────────────────

/**
 * Events in the history of one execution of a Standard workflow.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const EXECUTION_HISTORY_EVENTS = 25_000;

/**
 * Bytes of a state's or an execution's input or output: 256 KiB.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const EXECUTION_PAYLOAD_BYTES = 262_144;

/**
 * Longest name of an execution.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const EXECUTION_NAME_CHARACTERS = 80;

/**
 * Bytes of an object's key in UTF-8.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export const S3_KEY_BYTES = 1024;

/**
 * Bytes of an object's version id.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */
export const S3_VERSION_ID_BYTES = 1024;

/**
 * Bytes of one item.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html
 */
export const DYNAMODB_ITEM_BYTES = 409_600;
