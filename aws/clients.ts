import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Where AWS is, for a program that must not go by its own environment; a Lambda function leaves it out. */
export interface Connection {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface ClientOptions {
  /** Longest that one call of AWS may take, milliseconds, retries included. */
  readonly callMs: number;
  /** Without it the SDK finds region, credentials and `AWS_ENDPOINT_URL` by itself. */
  readonly connection?: Connection;
}

export interface Clients {
  readonly cloudWatch: CloudWatchClient;
  /** Reads and writes plain JavaScript values. */
  readonly documents: DynamoDBDocumentClient;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
}

const CONNECT_MS = 2_000;
const ATTEMPTS = 3;
/** Three attempts and the pauses between them (together below a second) fit into one call's time. */
const ATTEMPT_SHARE = 0.3;

/** All clients. S3 goes by path instead of by host name where the endpoint is an IP address. */
export function createClients(options: ClientOptions): Clients {
  const patient = {
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    ...base(options, options.callMs * ATTEMPT_SHARE),
  };
  return {
    cloudWatch: new CloudWatchClient(patient),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(patient), {
      marshallOptions: { removeUndefinedValues: true },
      // A number that JavaScript cannot hold exactly would throw, and one such record would spoil its whole
      // page. Rounded, it is still far outside of what any field allows, and is refused as that.
      unmarshallOptions: { wrapNumbers: Number },
    }),
    events: new EventBridgeClient(patient),
    // No retry behind our back: every attempt counts in the account's bucket of 15 per second, and the budget
    // gives leave for one.
    lambda: new LambdaClient({ maxAttempts: 1, ...base(options, options.callMs) }),
    logs: new CloudWatchLogsClient(patient),
    s3: new S3Client(patient),
    sfn: new SFNClient(patient),
    sqs: new SQSClient(patient),
  };
}

/** Connections are kept alive between calls: that is the SDK's default. */
function base({ connection }: ClientOptions, requestMs: number) {
  return {
    requestHandler: {
      connectionTimeout: Math.min(CONNECT_MS, requestMs),
      requestTimeout: requestMs,
      throwOnRequestTimeout: true, // else the SDK only warns
    },
    ...(connection
      ? {
          endpoint: connection.endpoint,
          region: connection.region,
          credentials: { accessKeyId: connection.accessKeyId, secretAccessKey: connection.secretAccessKey },
        }
      : {}),
  };
}
