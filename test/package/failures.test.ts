import { describe, expect, it } from '@jest/globals';
import { propertiesOf, STAGE } from './properties.ts';
import { ACCOUNT, REGION } from './resolve.ts';

describe('events that cannot be handled', () => {
  const arn = (kind: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:sluice-${STAGE}-${kind}-failures`;

  it('a poison record of the stream ends in a queue, and its shard goes on', () => {
    const mappings = Object.values(propertiesOf('AWS::Lambda::EventSourceMapping'));
    const destinations = mappings.map((mapping) => {
      expect(mapping).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
      expect(mapping.MaximumRetryAttempts).toBeGreaterThan(0);
      expect(mapping.MaximumRecordAgeInSeconds).toBeLessThan(86_400);
      return (mapping.DestinationConfig as { OnFailure: { Destination: string } }).OnFailure.Destination;
    });
    expect(destinations.sort()).toEqual([arn('burst'), arn('config'), arn('hold')]);
  });

  it('what SNS cannot deliver ends in a queue that SNS may write to', () => {
    const [subscription, ...others] = Object.values(propertiesOf('AWS::SNS::Subscription'));
    expect(others).toEqual([]);
    expect(subscription?.RedrivePolicy).toEqual({ deadLetterTargetArn: arn('code') });
    const policies = Object.values(propertiesOf('AWS::SQS::QueuePolicy'));
    expect(policies).toMatchObject([
      {
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: arn('code'),
              Condition: {
                ArnEquals: { 'aws:SourceArn': `arn:aws:sns:${REGION}:${ACCOUNT}:sluice-${STAGE}-code` },
              },
            },
          ],
        },
      },
    ]);
  });

  it('every function that is called asynchronously has somewhere for its failures', () => {
    const asynchronous = Object.values(propertiesOf('AWS::Lambda::EventInvokeConfig'));
    const destinations = Object.fromEntries(
      asynchronous.map(({ FunctionName, DestinationConfig }) => [
        FunctionName,
        (DestinationConfig as { OnFailure: { Destination: string } }).OnFailure.Destination,
      ]),
    );
    expect(destinations).toEqual({
      [`sluice-${STAGE}-code-listener`]: arn('code'),
      [`sluice-${STAGE}-reconciler`]: arn('async'),
      [`sluice-${STAGE}-trigger`]: arn('async'),
      [`sluice-${STAGE}-restore-salvage`]: arn('async'),
      [`sluice-${STAGE}-rollout-control`]: arn('async'),
      [`sluice-${STAGE}-redrive`]: arn('async'),
      [`sluice-${STAGE}-burst`]: arn('async'),
    });
    // The others are called by a stream or by a machine, which see their failures themselves.
    const callers = Object.values(propertiesOf('AWS::Lambda::Permission')).map(
      ({ FunctionName }) => FunctionName,
    );
    expect(
      callers.filter((caller) => destinations[String(caller).split(':').at(-1) ?? ''] === undefined),
    ).toEqual([]);
  });

  it('are kept for two weeks, encrypted, and an alarm sees them', () => {
    const watched = Object.values(propertiesOf('AWS::CloudWatch::Alarm')).map(({ Dimensions }) =>
      ((Dimensions ?? []) as { Value: string }[]).map(({ Value }) => Value).join(),
    );
    for (const queue of Object.values(propertiesOf('AWS::SQS::Queue'))) {
      expect(queue).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
      expect(watched).toContain(queue.QueueName);
    }
  });
});
