/** Metrics of AWS's services that alarms use, as the services' own guides name them. */
interface Service {
  readonly source: string;
  /** By name: which dimensions a series of it has; several where AWS tells it in several ways. */
  readonly metrics: Readonly<Record<string, readonly (readonly string[])[]>>;
}

const BY_FUNCTION = [['FunctionName']];
const BY_MACHINE = [['StateMachineArn']];

export const AWS_METRICS: Readonly<Record<string, Service>> = {
  'AWS/Lambda': {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
    metrics: {
      Invocations: BY_FUNCTION,
      Errors: BY_FUNCTION,
      Throttles: BY_FUNCTION,
      // With no dimension that of all functions of the account and region.
      ConcurrentExecutions: [[], ['FunctionName']],
    },
  },
  'AWS/SQS': {
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
    metrics: { ApproximateNumberOfMessagesVisible: [['QueueName']] },
  },
  'AWS/States': {
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html',
    metrics: {
      ExecutionsFailed: BY_MACHINE,
      ExecutionsTimedOut: BY_MACHINE,
      ExecutionsAborted: BY_MACHINE,
    },
  },
};
