import { describe, expect, it } from '@jest/globals';
import { BURST_INDEXES } from '../../aws/bursts.ts';
import { list } from './policy.ts';
import { propertiesOf, resolve, STAGE, template } from './properties.ts';
import { ACCOUNT, REGION } from './resolve.ts';

describe('tables', () => {
  const tables = propertiesOf('AWS::DynamoDB::Table');

  it('are encrypted, recoverable to any second, and paid per request', () => {
    for (const table of Object.values(tables)) {
      expect(table).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    }
  });

  it('have the keys, the expiry and the stream that records rely on', () => {
    const key = (AttributeName: string) => [{ AttributeName, KeyType: 'HASH' }];
    const expiry = { TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } };
    expect(tables).toMatchObject({
      PipelinesTable: {
        KeySchema: key('pipelineId'),
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        ...expiry,
      },
      StatusTable: { KeySchema: key('pipelineId'), ...expiry },
      LedgersTable: { KeySchema: key('ledgerId') },
      FlowTable: { KeySchema: key('flowId'), ...expiry },
      HoldsTable: {
        KeySchema: key('pipelineId'),
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        ...expiry,
      },
      BurstsTable: {
        KeySchema: key('burstKey'),
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        ...expiry,
        GlobalSecondaryIndexes: [
          {
            IndexName: BURST_INDEXES.open,
            KeySchema: [...key('openKey'), { AttributeName: 'checkAtMs', KeyType: 'RANGE' }],
            Projection: { ProjectionType: 'ALL' },
          },
          {
            IndexName: BURST_INDEXES.byPipeline,
            KeySchema: [...key('pipelineId'), { AttributeName: 'createdAtMs', KeyType: 'RANGE' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
      ReleasesTable: {
        KeySchema: [...key('codeKey'), { AttributeName: 'version', KeyType: 'RANGE' }],
        ...expiry,
      },
    });
  });
});

describe('buckets', () => {
  const buckets = propertiesOf('AWS::S3::Bucket');

  it.each(Object.keys(buckets))('%s is encrypted and shut to the public', (id) => {
    const all = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };
    expect(buckets[id]).toMatchObject({
      PublicAccessBlockConfiguration: all,
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
  });

  it.each(Object.keys(buckets))('%s refuses everything that does not come by TLS', (id) => {
    const bucket = resolve({ Ref: id });
    const policies = Object.values(propertiesOf('AWS::S3::BucketPolicy')).filter(
      ({ Bucket }) => Bucket === bucket,
    );
    const statements = policies.flatMap(
      ({ PolicyDocument }) => (PolicyDocument as { Statement: Record<string, unknown>[] }).Statement,
    );
    const arn = `arn:aws:s3:::${bucket}`;
    const denies = statements.filter(
      ({ Effect, Principal, Action, Resource, Condition }) =>
        Effect === 'Deny' &&
        Principal === '*' &&
        Action === 's3:*' &&
        [arn, `${arn}/*`].every((one) => list(Resource as string[]).includes(one)) &&
        String((Condition as { Bool: Record<string, unknown> }).Bool['aws:SecureTransport']) === 'false',
    );
    expect(denies).toHaveLength(1);
    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
  });

  it('keep versions: a release is one of them, and salvage can be brought back', () => {
    for (const id of ['CodeBucket', 'SalvageBucket']) {
      expect(buckets[id]).toMatchObject({ VersioningConfiguration: { Status: 'Enabled' } });
    }
  });

  it('forget tasks of bursts after a month, if nobody else has', () => {
    expect(buckets.BurstBucket).toMatchObject({
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 30 }] },
    });
  });

  it('tell the topic of every upload of code, after the topic lets them', () => {
    expect(buckets.CodeBucket?.NotificationConfiguration).toEqual({
      TopicConfigurations: [
        { Event: 's3:ObjectCreated:*', Topic: `arn:aws:sns:${REGION}:${ACCOUNT}:sluice-${STAGE}-code` },
      ],
    });
    expect(template.Resources.CodeBucket?.DependsOn).toEqual(['CodeTopicPolicy']);
  });
});

describe('the code topic', () => {
  it('takes messages from our bucket in our account and from nobody else', () => {
    const [policy, ...others] = Object.values(propertiesOf('AWS::SNS::TopicPolicy'));
    expect(others).toEqual([]);
    expect((policy?.PolicyDocument as { Statement: unknown } | undefined)?.Statement).toEqual([
      {
        Sid: 'OnlyOurBucketPublishes',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: `arn:aws:sns:${REGION}:${ACCOUNT}:sluice-${STAGE}-code`,
        Condition: {
          ArnEquals: { 'aws:SourceArn': `arn:aws:s3:::sluice-${STAGE}-code-${ACCOUNT}-${REGION}` },
          StringEquals: { 'aws:SourceAccount': ACCOUNT },
        },
      },
    ]);
  });
});
