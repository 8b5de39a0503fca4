/** What people have today: a queue, a dead-letter queue, a function and a mapping for each group, as AWS advises. */
import { join } from 'node:path';
import { build } from 'esbuild';

/** A group's plain consumer. */
export interface PlainGroup {
  readonly name: string;
  readonly concurrency: number;
}

/**
 * AWS's advice: a visibility timeout of six times the function's, and at least five receives.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const VISIBILITY_TIMEOUTS = 6;
/** Lambda's default. */
const TIMEOUT_SECONDS = 3;
const MAX_RECEIVES = 5;

/** The names of a group's queues. */
export function plainQueues({ name }: Pick<PlainGroup, 'name'>): {
  readonly queue: string;
  readonly deadLetterQueue: string;
} {
  return { queue: `plain-${name}`, deadLetterQueue: `plain-${name}-dlq` };
}

/** The stack as CloudFormation takes it, code and all. */
export async function plainTemplate(groups: readonly PlainGroup[], apiUrl: string): Promise<string> {
  const code = await plainCode();
  const resources = groups.map((group, index) => resourcesOf(group, `Group${index + 1}`, code, apiUrl));
  return JSON.stringify({ Resources: Object.assign({ Role: ROLE }, ...resources) });
}

/** One file that Lambda takes as it is: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-lambda-function-code.html */
async function plainCode(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'plain', 'handler.ts')],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    minify: true,
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole'],
  },
};

function resourcesOf(group: PlainGroup, id: string, code: string, apiUrl: string): Record<string, object> {
  const { queue, deadLetterQueue } = plainQueues(group);
  const arnOf = (resource: string) => ({ 'Fn::GetAtt': [`${id}${resource}`, 'Arn'] });
  return {
    [`${id}Dead`]: { Type: 'AWS::SQS::Queue', Properties: { QueueName: deadLetterQueue } },
    [`${id}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: queue,
        VisibilityTimeout: VISIBILITY_TIMEOUTS * TIMEOUT_SECONDS,
        RedrivePolicy: { deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: MAX_RECEIVES },
      },
    },
    [`${id}Function`]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: `plain-${group.name}`,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: code },
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Timeout: TIMEOUT_SECONDS,
        MemorySize: 256,
        Environment: { Variables: { API_URL: apiUrl } },
      },
    },
    [`${id}Mapping`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: arnOf('Queue'),
        FunctionName: { Ref: `${id}Function` },
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: group.concurrency },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
  };
}
