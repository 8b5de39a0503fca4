import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { registrySchemas } from '../../lab/checks/cfn-lint.ts';
import { projectRoot } from '../../lab/local-stage/paths.ts';
import { PythonMissing } from '../../lab/local-stage/python.ts';
import { FRAMEWORK_NEEDS, REMOVAL_PORTS, TYPE_NEEDS, UNUSED } from './deployer-needs.ts';
import { arnOf, contextOf, NEEDS, type Need } from './needed-actions.ts';
import { readTemplate, type Template } from './packaged-stage.ts';
import { allows, type Request, type Statement } from './policy.ts';
import { resolve, STAGE, template } from './properties.ts';
import { ACCOUNT, REGION } from './resolve.ts';

/** The first JSON of the page that is a policy. */
const text =
  /```json\n(\{\s*"Version"[\s\S]*?)```/.exec(
    readFileSync(join(projectRoot, 'docs/deploying.md'), 'utf8'),
  )?.[1] ?? '{"Statement":[]}';
const { Statement: statements } = JSON.parse(
  text.replaceAll('REGION', REGION).replaceAll('ACCOUNT', ACCOUNT).replaceAll('STAGE', STAGE),
) as { Statement: readonly Statement[] };

const here = `${REGION}:${ACCOUNT}`;
const refusedOf = (requests: readonly Request[]) =>
  requests
    .filter((request) => !allows(statements, request))
    .map(({ action, resource }) => `${action} on ${resource}`);

/** AWS knows no resource for these. */
const WITHOUT_RESOURCE =
  /^(logs:Describe\w+|cloudwatch:DescribeAlarms|sns:Unsubscribe|sns:[GS]etSubscriptionAttributes)$/;

describe('the policy for deployers', () => {
  it('is made for the resource types that the stack has', () => {
    const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
    const full = new Set(Object.values(readTemplate('full').Resources).map(({ Type }) => Type));
    expect([...types].sort()).toEqual(Object.keys(TYPE_NEEDS).sort());
    expect([...full].filter((type) => !types.has(type))).toEqual([]);
  });

  it('lets CloudFormation make, read, change and delete every resource of the stack', () => {
    const requests = Object.entries(template.Resources).flatMap(([id, { Type }]) =>
      (TYPE_NEEDS[Type] ?? []).map((action): Request => requestOf(id, Type, action)),
    );
    expect(requests.length).toBeGreaterThan(500);
    expect(refusedOf(requests)).toEqual([]);
  });

  it('lets the framework deploy and remove the stack', () => {
    const on = {
      stack: `arn:aws:cloudformation:${here}:stack/sluice-${STAGE}/3f0c`,
      any: '*',
      bucket: `arn:aws:s3:::sluice-${STAGE}-serverlessdeploymentbucket-1a2b`,
      object: `arn:aws:s3:::sluice-${STAGE}-serverlessdeploymentbucket-1a2b/serverless/template.json`,
      function: `arn:aws:lambda:${here}:function:sluice-${STAGE}-trigger`,
    };
    const requests = Object.entries(FRAMEWORK_NEEDS).flatMap(([key, actions]) =>
      actions.map((action) => ({ action, resource: on[key as keyof typeof on] })),
    );
    expect(refusedOf(requests)).toEqual([]);
  });

  it('lets whoever removes the stage take its pipelines down first', () => {
    const needs = Object.entries(REMOVAL_PORTS).flatMap(([port, methods]) =>
      (methods as readonly string[]).flatMap((method) => needsOf(port, method)),
    );
    const ofPorts = needs.map((need) => ({
      action: need.action,
      resource: arnOf(need.on, STAGE),
      context: contextOf(need, STAGE),
    }));
    const table = `arn:aws:dynamodb:${here}:table/sluice-${STAGE}-pipelines`;
    const own = ['DescribeTable', 'UpdateItem', 'DeleteItem'].map((action) => ({
      action: `dynamodb:${action}`,
      resource: table,
    }));
    expect(ofPorts.length).toBeGreaterThan(10);
    expect(refusedOf([...ofPorts, ...own])).toEqual([]);
  });

  it('names every port that the removal uses', () => {
    const source = readFileSync(join(projectRoot, 'operator/serverless-plugin/remove-pipelines.ts'), 'utf8');
    const used = [...source.matchAll(/ports\.(\w+)\.(\w+)/g)].map(([, port, method]) => `${port}.${method}`);
    const named = Object.entries(REMOVAL_PORTS).flatMap(([port, methods]) =>
      (methods as readonly string[]).map((method) => `${port}.${method}`),
    );
    expect(used.filter((one) => !one.startsWith('clock.') && !named.includes(one))).toEqual([]);
  });

  it('lets nobody change what is not of the stage', () => {
    const elsewhere: readonly Request[] = [
      { action: 'lambda:DeleteFunction', resource: `arn:aws:lambda:${here}:function:sluice-other-trigger` },
      { action: 'dynamodb:DeleteTable', resource: `arn:aws:dynamodb:${here}:table/sluice-other-pipelines` },
      { action: 'iam:PutRolePolicy', resource: `arn:aws:iam::${ACCOUNT}:role/admin` },
      { action: 's3:DeleteObject', resource: 'arn:aws:s3:::sluice-other-code-1/consumer.zip' },
      { action: 'cloudformation:DeleteStack', resource: `arn:aws:cloudformation:${here}:stack/else/1` },
      {
        action: 'lambda:DeleteEventSourceMapping',
        resource: `arn:aws:lambda:${here}:event-source-mapping:1`,
        context: { 'lambda:FunctionArn': `arn:aws:lambda:${here}:function:else` },
      },
      {
        action: 'iam:PassRole',
        resource: `arn:aws:iam::${ACCOUNT}:role/sluice-${STAGE}-trigger`,
        context: { 'iam:PassedToService': 'ec2.amazonaws.com' },
      },
    ];
    expect(refusedOf(elsewhere)).toHaveLength(elsewhere.length);
  });

  it('fits one managed policy', () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space does not count.
    const [stage, region] = ['abcdefghij', 'ap-southeast-1'];
    const filled = text
      .replaceAll('STAGE', stage)
      .replaceAll('REGION', region)
      .replaceAll('ACCOUNT', ACCOUNT);
    expect(filled.replace(/\s/g, '').length).toBeLessThanOrEqual(6_144);
  });

  it('knows all that AWS’s registry says of these types', async () => {
    const schemas = await registrySchemas().catch((error: unknown) => {
      if (error instanceof PythonMissing) return undefined;
      throw error;
    });
    if (schemas === undefined)
      return console.warn('not compared: there is no Python to get the registry with');
    const files = JSON.parse(readFileSync(join(schemas, 'providers', 'us-east-1.json'), 'utf8'));
    const unknown = Object.entries(TYPE_NEEDS).flatMap(([type, needs]) => {
      const asked = handlersOf(readFileSync(join(schemas, 'resources', fileOf(files[type])), 'utf8'));
      return asked
        .filter((action) => !needs.includes(action) && !UNUSED[type]?.some((pattern) => pattern.test(action)))
        .map((action) => `${type}: ${action}`);
    });
    expect(unknown).toEqual([]);
  }, 180_000);
});

function requestOf(id: string, type: string, action: string): Request {
  if (WITHOUT_RESOURCE.test(action)) return { action, resource: '*' };
  if (action === 'iam:PassRole') return passRole(id, type);
  if (action.startsWith('s3:GetObject')) {
    return { action, resource: `arn:aws:s3:::sluice-${STAGE}-serverlessdeploymentbucket-1a2b/trigger.zip` };
  }
  if (action === 'lambda:CreateEventSourceMapping') return { action, resource: '*', ...mappingOf(id) };
  return { action, resource: resourceOf(id, type), ...(type.endsWith('Mapping') ? mappingOf(id) : {}) };
}

function passRole(id: string, type: string): Request {
  const { Role, RoleArn } = propertiesOf(id);
  const service = type.startsWith('AWS::Lambda') ? 'lambda' : 'states';
  return {
    action: 'iam:PassRole',
    resource: String(Role ?? RoleArn),
    context: { 'iam:PassedToService': `${service}.amazonaws.com` },
  };
}

function mappingOf(id: string): Pick<Request, 'context'> {
  return { context: { 'lambda:FunctionArn': String(propertiesOf(id).FunctionName) } };
}

/** What the calls for a resource are made on: itself, or what it belongs to. */
function resourceOf(id: string, type: string): string {
  const { FunctionName, DashboardName, Bucket, Queues, Topics, TopicArn } = propertiesOf(id);
  switch (type) {
    case 'AWS::Lambda::EventSourceMapping':
      return `arn:aws:lambda:${here}:event-source-mapping:1b2c`;
    case 'AWS::Lambda::Permission':
    case 'AWS::Lambda::EventInvokeConfig':
      return `arn:aws:lambda:${here}:function:${String(FunctionName).split(':').at(-1)}`;
    case 'AWS::CloudWatch::Dashboard':
      return `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${DashboardName}`;
    case 'AWS::S3::BucketPolicy':
      // The framework's own bucket has a name that CloudFormation makes up from the stack's.
      return `arn:aws:s3:::${String(Bucket).replace(/^generated-/, `sluice-${STAGE}-`)}`;
    case 'AWS::S3::Bucket':
      return String(resolve({ 'Fn::GetAtt': [id, 'Arn'] })).replace('generated-', `sluice-${STAGE}-`);
    case 'AWS::SQS::QueuePolicy':
      return `arn:aws:sqs:${here}:${String((Queues as readonly string[])[0])
        .split('/')
        .at(-1)}`;
    case 'AWS::SNS::TopicPolicy':
      return String((Topics as readonly string[])[0]);
    case 'AWS::SNS::Subscription':
      return String(TopicArn);
    default:
      return String(resolve({ 'Fn::GetAtt': [id, 'Arn'] }));
  }
}

function propertiesOf(id: string): Readonly<Record<string, unknown>> {
  return resolve((template as Template).Resources[id]?.Properties) as Record<string, unknown>;
}

function needsOf(port: string, method: string): readonly Need[] {
  const needs = NEEDS as unknown as Record<string, Record<string, readonly Need[]>>;
  return needs[port]?.[method] ?? [];
}

const fileOf = (hash: string) => (hash.endsWith('.json') ? hash : `${hash}.json`);

function handlersOf(schema: string): readonly string[] {
  const { handlers } = JSON.parse(schema) as {
    handlers: Readonly<Record<string, { readonly permissions: readonly string[] }>>;
  };
  const used = ['create', 'read', 'update', 'delete'].flatMap((name) => handlers[name]?.permissions ?? []);
  return [...new Set(used)];
}
