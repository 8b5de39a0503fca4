import type { Resource, Template } from './packaged-stage.ts';

/** Where the packaged stage would be deployed. */
export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What CloudFormation's functions give for the resources that this stack has; anything else throws. */
export function createResolver(template: Template) {
  const property = (id: string, name: string): string => {
    const value = resolve((template.Resources[id]?.Properties as Record<string, unknown>)?.[name]);
    if (typeof value !== 'string') throw new Error(`${id} has no ${name}`);
    return value;
  };

  const names: Readonly<Record<string, string>> = {
    'AWS::DynamoDB::Table': 'TableName',
    'AWS::S3::Bucket': 'BucketName',
    'AWS::Lambda::Function': 'FunctionName',
    'AWS::Logs::LogGroup': 'LogGroupName',
    'AWS::IAM::Role': 'RoleName',
    'AWS::SQS::Queue': 'QueueName',
    'AWS::SNS::Topic': 'TopicName',
    'AWS::StepFunctions::StateMachine': 'StateMachineName',
    'AWS::Events::Rule': 'Name',
    'AWS::CloudWatch::Alarm': 'AlarmName',
  };
  const here = `${REGION}:${ACCOUNT}`;
  const arns: Readonly<Record<string, (name: string) => string>> = {
    'AWS::DynamoDB::Table': (name) => `arn:aws:dynamodb:${here}:table/${name}`,
    'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
    'AWS::Lambda::Function': (name) => `arn:aws:lambda:${here}:function:${name}`,
    'AWS::Logs::LogGroup': (name) => `arn:aws:logs:${here}:log-group:${name}:*`,
    'AWS::IAM::Role': (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
    'AWS::SQS::Queue': (name) => `arn:aws:sqs:${here}:${name}`,
    'AWS::SNS::Topic': (name) => `arn:aws:sns:${here}:${name}`,
    'AWS::StepFunctions::StateMachine': (name) => `arn:aws:states:${here}:stateMachine:${name}`,
    'AWS::CloudWatch::Alarm': (name) => `arn:aws:cloudwatch:${here}:alarm:${name}`,
    'AWS::Events::Rule': (name) => `arn:aws:events:${here}:rule/${name}`,
  };
  /** Types whose Ref is their ARN. */
  const refIsArn = new Set(['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine']);

  const nameOf = (id: string, { Type, Properties }: Resource): string => {
    // The framework leaves the deployment bucket's name to CloudFormation.
    if (Type === 'AWS::S3::Bucket' && !('BucketName' in Properties)) return `generated-${id.toLowerCase()}`;
    return property(id, names[Type] ?? 'no name');
  };

  const get = (id: string, attribute: string): string => {
    const resource = template.Resources[id];
    if (resource === undefined) throw new Error(`no resource ${id}`);
    const arn = () => arns[resource.Type]?.(nameOf(id, resource));
    const value = {
      Arn: arn(),
      StreamArn: `${arn()}/stream/2026-01-01T00:00:00.000`,
      QueueName: nameOf(id, resource),
    }[attribute];
    if (value === undefined) throw new Error(`no ${attribute} of ${resource.Type} ${id}`);
    return value;
  };

  const ref = (id: string): string => {
    const pseudo = PSEUDO[id];
    if (pseudo !== undefined) return pseudo;
    const resource = template.Resources[id];
    if (resource === undefined) throw new Error(`no resource ${id}`);
    if (resource.Type === 'AWS::SQS::Queue') {
      return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${nameOf(id, resource)}`;
    }
    return refIsArn.has(resource.Type) ? get(id, 'Arn') : nameOf(id, resource);
  };

  function substitute(argument: unknown): string {
    const [text, own] = (Array.isArray(argument) ? argument : [argument, {}]) as [
      string,
      Record<string, unknown>,
    ];
    return text.replace(/\$\{([^}!]+)\}/g, (_all, key: string) => {
      if (key in own) return String(resolve(own[key]));
      const [id = key, attribute] = key.startsWith('AWS::') ? [key] : key.split('.');
      return attribute === undefined ? ref(id) : get(id, attribute);
    });
  }

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve);
    if (value === null || typeof value !== 'object') return value;
    const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0) {
      if (key === 'Ref') return ref(String(argument));
      if (key === 'Fn::Sub') return substitute(argument);
      if (key === 'Fn::GetAtt') return get(...(argument as [string, string]));
      if (key === 'Fn::Join') {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.map(resolve).join(separator);
      }
    }
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner)]));
  }
  return resolve;
}
