import { describe, expect, it, jest } from '@jest/globals';
import { readSettings } from '../../aws/environment.ts';
import { createMetrics, METRIC_NAMESPACE } from '../../aws/telemetry.ts';
import { AWS_TIMINGS } from '../../core/stage-settings.ts';
import { bundleSizes } from '../../lab/build/bundle-sizes.ts';
import { lintTemplates } from '../../lab/checks/cfn-lint.ts';
import {
  packageFolder,
  readTemplate,
  resourcesOf,
  STAGES,
  type StageKind,
  templateFile,
} from './packaged-stage.ts';
import { list } from './policy.ts';
import { ACCOUNT, createResolver, REGION } from './resolve.ts';

const STAGE = STAGES.plain.stage;
const template = readTemplate('plain');
const resolve = createResolver(template);

/** Properties of every resource of a type, by logical id, with CloudFormation's functions worked out. */
function propertiesOf(type: string, of = template): Readonly<Record<string, Record<string, unknown>>> {
  const work = createResolver(of);
  return Object.fromEntries(
    resourcesOf(of, type).map(([id, { Properties }]) => [id, work(Properties) as Record<string, unknown>]),
  );
}

const names = (type: string, property: string) =>
  Object.values(propertiesOf(type)).map((properties) => properties[property]);

describe('names', () => {
  it('gives the outputs that other programs rely on', () => {
    const outputs = Object.fromEntries(
      Object.entries(template.Outputs).map(([name, { Value }]) => [name, resolve(Value)]),
    );
    const here = `${REGION}:${ACCOUNT}`;
    expect(outputs).toMatchObject({
      PipelinesTable: `sluice-${STAGE}-pipelines`,
      StatusTable: `sluice-${STAGE}-status`,
      CodeBucket: `sluice-${STAGE}-code-${ACCOUNT}-${REGION}`,
      CodeTopicArn: `arn:aws:sns:${here}:sluice-${STAGE}-code`,
      SalvageBucket: `sluice-${STAGE}-salvage-${ACCOUNT}-${REGION}`,
      TriggerFunction: `sluice-${STAGE}-trigger`,
      PipelineLifecycleArn: `arn:aws:states:${here}:stateMachine:sluice-${STAGE}-pipeline-lifecycle`,
      CodeRolloutArn: `arn:aws:states:${here}:stateMachine:sluice-${STAGE}-code-rollout`,
      LedgersTable: `sluice-${STAGE}-ledgers`,
      RestoreSalvageFunction: `sluice-${STAGE}-restore-salvage`,
    });
  });

  it('calls everything of its own sluice-<stage>-…, so that stages do not meet', () => {
    const own = [
      ...names('AWS::DynamoDB::Table', 'TableName'),
      ...names('AWS::SNS::Topic', 'TopicName'),
      ...names('AWS::SQS::Queue', 'QueueName'),
      ...names('AWS::Lambda::Function', 'FunctionName'),
      ...names('AWS::IAM::Role', 'RoleName'),
      ...names('AWS::StepFunctions::StateMachine', 'StateMachineName'),
      ...names('AWS::Events::Rule', 'Name'),
      ...names('AWS::CloudWatch::Alarm', 'AlarmName'),
    ].map(String);
    expect(own.length).toBeGreaterThan(30);
    expect(own.filter((name) => !name.startsWith(`sluice-${STAGE}-`))).toEqual([]);
    expect(own.filter((name) => name.length > 64)).toEqual([]);
  });

  it('has no reserved concurrency: an account with room for ten executions takes it', () => {
    const reserved = names('AWS::Lambda::Function', 'ReservedConcurrentExecutions');
    expect(reserved.filter((value) => value !== undefined)).toEqual([]);
  });
});

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

describe('events that cannot be handled', () => {
  const arn = (kind: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:sluice-${STAGE}-${kind}-failures`;

  it('a poison record of the stream ends in a queue, and its shard goes on', () => {
    const [mapping, ...others] = Object.values(propertiesOf('AWS::Lambda::EventSourceMapping'));
    expect(others).toEqual([]);
    expect(mapping).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: arn('config') } },
    });
    expect(mapping?.MaximumRetryAttempts).toBeGreaterThan(0);
    expect(mapping?.MaximumRecordAgeInSeconds).toBeLessThan(86_400);
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
      (Dimensions as { Value: string }[]).map(({ Value }) => Value).join(),
    );
    for (const queue of Object.values(propertiesOf('AWS::SQS::Queue'))) {
      expect(queue).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
      expect(watched).toContain(queue.QueueName);
    }
  });
});

describe('functions', () => {
  const functions = propertiesOf('AWS::Lambda::Function');
  const roles = propertiesOf('AWS::IAM::Role');

  it('each has a role of its own, with its name', () => {
    for (const { FunctionName, Role } of Object.values(functions)) {
      expect(Role).toBe(`arn:aws:iam::${ACCOUNT}:role/${FunctionName}`);
    }
    const roleNames = Object.values(roles).map(({ RoleName }) =>
      String(RoleName).replace(`sluice-${STAGE}-`, ''),
    );
    const functionNames = Object.values(functions).map((one) =>
      String(one.FunctionName).replace(`sluice-${STAGE}-`, ''),
    );
    const others = ['consumer', 'pipeline-lifecycle-machine', 'code-rollout-machine'];
    expect(roleNames.sort()).toEqual([...functionNames, ...others].sort());
  });

  it('run on Node 24 on arm64, with source maps, and log to a group that goes with the stack', () => {
    const groups = names('AWS::Logs::LogGroup', 'LogGroupName');
    for (const properties of Object.values(functions)) {
      expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(environmentOf(properties)).toMatchObject({ NODE_OPTIONS: '--enable-source-maps' });
      expect(groups).toContain(`/aws/lambda/${properties.FunctionName}`);
    }
  });

  it('all consumers share one log group', () => {
    const [first] = Object.values(functions);
    expect(first && environmentOf(first).CONSUMER_LOG_GROUP).toBe(`/sluice/${STAGE}/consumers`);
    expect(names('AWS::Logs::LogGroup', 'LogGroupName')).toContain(`/sluice/${STAGE}/consumers`);
  });

  it.each(Object.keys(STAGES) as StageKind[])('of a %s stage find all their settings', (kind) => {
    for (const properties of Object.values(propertiesOf('AWS::Lambda::Function', readTemplate(kind)))) {
      const environment = environmentOf(properties);
      const settings = readSettings(environment);
      expect(settings.stage).toBe(STAGES[kind].stage);
      expect(settings.lifecycleArn).toContain(`:stateMachine:sluice-${settings.stage}-pipeline-lifecycle`);
      expect(settings.rolloutArn).toContain(`:stateMachine:sluice-${settings.stage}-code-rollout`);
      expect(Buffer.byteLength(JSON.stringify(environment))).toBeLessThan(4096);
      // A setting that is not handed on would silently stay at its default.
      const variables = Object.keys(AWS_TIMINGS).map((name) => name.replace(/[A-Z]/g, '_$&').toUpperCase());
      expect(variables.filter((name) => environment[name] === undefined)).toEqual([]);
    }
  });

  it('gets AWS timings unless a stage says otherwise, and a full stage gets what it says', () => {
    const settingsOf = (kind: StageKind) =>
      readSettings(
        environmentOf(Object.values(propertiesOf('AWS::Lambda::Function', readTemplate(kind)))[0] ?? {}),
      );
    expect(settingsOf('plain').timings).toEqual(AWS_TIMINGS);
    expect(settingsOf('full')).toMatchObject({
      controlPlanePerSecond: 5,
      orphans: 'drain',
      reconcileSlice: 100,
      consumers: {
        architecture: 'x86_64',
        tracing: true,
        subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        securityGroupIds: ['sg-0123456789abcdef0'],
        layers: ['arn:aws:lambda:us-east-1:123456789012:layer:shared:3'],
      },
    });
  });

  it('a step of a machine is given up only after its function must be over', () => {
    for (const kind of Object.keys(STAGES) as StageKind[]) {
      const packaged = readTemplate(kind);
      const timeouts = Object.fromEntries(
        Object.values(propertiesOf('AWS::Lambda::Function', packaged)).map((one) => [
          one.FunctionName,
          one.Timeout,
        ]),
      );
      for (const machine of Object.values(propertiesOf('AWS::StepFunctions::StateMachine', packaged))) {
        const { States } = JSON.parse(String(machine.DefinitionString)) as {
          States: Record<string, { Type: string; Resource?: string; TimeoutSeconds?: number }>;
        };
        for (const { Type, Resource, TimeoutSeconds } of Object.values(States)) {
          if (Type !== 'Task') continue;
          expect(TimeoutSeconds).toBeGreaterThan(Number(timeouts[Resource?.split(':').at(-1) ?? '']));
        }
      }
    }
  });
});

describe('bundles', () => {
  it('hold one minified module and its map each, small enough to start quickly', async () => {
    const sizes = await bundleSizes(packageFolder('plain'));
    expect(sizes).toHaveLength(Object.keys(propertiesOf('AWS::Lambda::Function')).length);
    for (const { name, files, codeBytes } of sizes) {
      expect([name, files.length]).toEqual([name, 2]);
      expect(files.map((file) => file.replace(/^functions\/[a-z-]+\//, '')).sort()).toEqual([
        'handler.mjs',
        'handler.mjs.map',
      ]);
      expect([name, codeBytes > 1_200_000]).toEqual([name, false]);
    }
  });
});

describe('alarms', () => {
  it('on metrics of our own watch what is really emitted', () => {
    const lines: string[] = [];
    const write = jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((line) => lines.push(String(line)) > 0);
    try {
      createMetrics(STAGE).count('Orphans', 1);
    } finally {
      write.mockRestore();
    }
    const { _aws, ...values } = JSON.parse(lines[0] ?? '{}');
    const [emitted] = _aws.CloudWatchMetrics;
    const dimensions = emitted.Dimensions[0].map((Name: string) => ({ Name, Value: values[Name] }));
    const sort = (list: { Name: string }[]) => list.toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
    const ours = Object.values(propertiesOf('AWS::CloudWatch::Alarm')).filter(
      ({ Namespace }) => Namespace === METRIC_NAMESPACE,
    );
    expect(ours.map(({ MetricName }) => MetricName).sort()).toEqual([
      'DeadWriters',
      'DriftRepaired',
      'FailedPipelines',
      'Orphans',
    ]);
    for (const alarm of ours) expect(sort(alarm.Dimensions as { Name: string }[])).toEqual(sort(dimensions));
  });

  it('watch the failed executions of every state machine', () => {
    const watched = Object.values(propertiesOf('AWS::CloudWatch::Alarm'))
      .filter(({ MetricName }) => MetricName === 'ExecutionsFailed')
      .map(({ Dimensions }) => JSON.stringify(Dimensions));
    const machines = Object.keys(propertiesOf('AWS::StepFunctions::StateMachine'));
    expect(watched).toHaveLength(machines.length);
    expect(new Set(watched).size).toBe(machines.length);
  });

  it('reach the topics that the stage names', () => {
    for (const { AlarmActions } of Object.values(
      propertiesOf('AWS::CloudWatch::Alarm', readTemplate('full')),
    )) {
      expect(AlarmActions).toEqual(['arn:aws:sns:us-east-1:123456789012:pager']);
    }
  });
});

describe('the template', () => {
  it('has nothing for cfn-lint to say, whatever the settings', async () => {
    const result = await lintTemplates((Object.keys(STAGES) as StageKind[]).map(templateFile));
    if (result.kind === 'skipped') return console.warn(`cfn-lint skipped: ${result.reason}`);
    expect(result.findings).toEqual([]);
  }, 300_000);
});

function environmentOf(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  return (properties.Environment as { Variables: Record<string, string> }).Variables;
}
