import type { Ports } from '../../aws/ports.ts';

/**
 * What CloudFormation asks of whoever deploys, for each resource type of the stack: the permissions of the type's
 * create, read, update and delete handlers in AWS's registry, without those for properties that the stack does not use.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
 */
export const TYPE_NEEDS: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudWatch::Alarm': [
    ...of('cloudwatch', 'PutMetricAlarm DescribeAlarms DeleteAlarms TagResource UntagResource'),
    'cloudwatch:ListTagsForResource',
  ],
  'AWS::CloudWatch::Dashboard': [
    ...of('cloudwatch', 'PutDashboard GetDashboard DeleteDashboards TagResource UntagResource'),
    'cloudwatch:ListTagsForResource',
  ],
  'AWS::DynamoDB::Table': [
    ...of(
      'dynamodb',
      'CreateTable DeleteTable DescribeTable UpdateTable DescribeTimeToLive UpdateTimeToLive',
    ),
    ...of('dynamodb', 'DescribeContinuousBackups UpdateContinuousBackups DescribeContributorInsights'),
    ...of('dynamodb', 'DescribeKinesisStreamingDestination GetResourcePolicy'),
    ...of('dynamodb', 'ListTagsOfResource TagResource UntagResource'),
  ],
  'AWS::Events::Rule': [
    ...of('events', 'PutRule DescribeRule DeleteRule PutTargets RemoveTargets ListTargetsByRule'),
    ...of('events', 'TagResource UntagResource ListTagsForResource'),
  ],
  'AWS::IAM::Role': [
    ...of('iam', 'CreateRole GetRole DeleteRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy'),
    ...of('iam', 'PutRolePolicy GetRolePolicy DeleteRolePolicy ListRolePolicies ListAttachedRolePolicies'),
    ...of('iam', 'TagRole UntagRole'),
  ],
  'AWS::Lambda::EventInvokeConfig': [
    ...of('lambda', 'PutFunctionEventInvokeConfig GetFunctionEventInvokeConfig'),
    ...of('lambda', 'UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig'),
  ],
  'AWS::Lambda::EventSourceMapping': [
    ...of('lambda', 'CreateEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping'),
    ...of('lambda', 'DeleteEventSourceMapping ListTags TagResource UntagResource'),
  ],
  'AWS::Lambda::Function': [
    ...of(
      'lambda',
      'CreateFunction GetFunction DeleteFunction UpdateFunctionCode UpdateFunctionConfiguration',
    ),
    ...of('lambda', 'GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetRuntimeManagementConfig'),
    ...of('lambda', 'GetFunctionScalingConfig TagResource UntagResource'),
    'iam:PassRole',
    's3:GetObject',
    's3:GetObjectVersion',
  ],
  'AWS::Lambda::Permission': of('lambda', 'AddPermission RemovePermission GetPolicy'),
  'AWS::Logs::LogGroup': [
    ...of('logs', 'CreateLogGroup DeleteLogGroup DescribeLogGroups PutRetentionPolicy DeleteRetentionPolicy'),
    ...of('logs', 'GetDataProtectionPolicy DescribeIndexPolicies DescribeResourcePolicies'),
    ...of('logs', 'TagResource UntagResource ListTagsForResource'),
  ],
  'AWS::S3::Bucket': [
    ...of('s3', 'CreateBucket DeleteBucket ListBucket PutEncryptionConfiguration PutLifecycleConfiguration'),
    ...of('s3', 'PutBucketNotification PutBucketPublicAccessBlock PutBucketVersioning'),
    ...of('s3', 'PutBucketOwnershipControls PutBucketTagging TagResource UntagResource ListTagsForResource'),
    ...of(
      's3',
      'GetAccelerateConfiguration GetLifecycleConfiguration GetBucketPublicAccessBlock GetBucketCORS',
    ),
    ...of('s3', 'GetAnalyticsConfiguration GetEncryptionConfiguration GetInventoryConfiguration'),
    ...of(
      's3',
      'GetBucketLogging GetMetricsConfiguration GetBucketNotification GetBucketVersioning GetBucketAcl',
    ),
    ...of(
      's3',
      'GetReplicationConfiguration GetBucketWebsite GetBucketObjectLockConfiguration GetBucketTagging',
    ),
    ...of('s3', 'GetBucketAbac GetBucketOwnershipControls GetIntelligentTieringConfiguration'),
    's3:GetBucketMetadataTableConfiguration',
  ],
  'AWS::S3::BucketPolicy': of('s3', 'GetBucketPolicy PutBucketPolicy DeleteBucketPolicy'),
  'AWS::SNS::Subscription': of(
    'sns',
    'Subscribe Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes',
  ),
  'AWS::SNS::Topic': [
    ...of('sns', 'CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes GetDataProtectionPolicy'),
    ...of('sns', 'ListSubscriptionsByTopic TagResource UntagResource ListTagsForResource'),
  ],
  'AWS::SNS::TopicPolicy': ['sns:SetTopicAttributes'],
  'AWS::SQS::Queue': [
    ...of('sqs', 'CreateQueue DeleteQueue GetQueueUrl GetQueueAttributes SetQueueAttributes'),
    ...of('sqs', 'ListQueueTags TagQueue UntagQueue'),
  ],
  'AWS::SQS::QueuePolicy': ['sqs:SetQueueAttributes'],
  'AWS::StepFunctions::StateMachine': [
    ...of('states', 'CreateStateMachine DescribeStateMachine UpdateStateMachine DeleteStateMachine'),
    ...of('states', 'TagResource UntagResource ListTagsForResource'),
    'iam:PassRole',
  ],
};

/** Actions of the registry that only other properties need: none of the stack's resources has them. */
export const UNUSED: Readonly<Record<string, readonly RegExp[]>> = {
  'AWS::DynamoDB::Table': [
    // Its own key of KMS is AWS's: the key's policy lets whoever may use the table.
    /^(kms|kinesis|logs|s3|iam):/,
    /:(Import|DescribeImport|EnableKinesis|DisableKinesis|UpdateKinesis|UpdateContributorInsights)/,
    /:(CreateTableReplica|AssociateTableReplica|Scan|Query|[A-Z][a-zA-Z]+Item|PutResourcePolicy|DeleteResourcePolicy)$/,
  ],
  // Targets are functions, which take the rule by their own policy.
  'AWS::Events::Rule': [/^iam:PassRole$/],
  'AWS::IAM::Role': [/:(AttachRolePolicy|DetachRolePolicy|\w+PermissionsBoundary)$/],
  'AWS::Lambda::EventSourceMapping': [/^kms:/],
  'AWS::Lambda::Function': [
    /^(kms|ec2|elasticfilesystem|s3files):/,
    /:(Put|Delete)Function(Concurrency|RecursionConfig|ScalingConfig|CodeSigningConfig)$/,
    /:(GetCodeSigningConfig|GetLayerVersion|PutRuntimeManagementConfig|PassCapacityProvider)$/,
    /:(AssociateRuntimeAlias|PublishVersion)$/,
  ],
  'AWS::Logs::LogGroup': [
    /^(s3|firehose):/,
    /:(Put|Delete)(DataProtectionPolicy|ResourcePolicy|IndexPolicy)$/,
    /:(CreateLogDelivery|PutBearerTokenAuthentication|AssociateKmsKey|DisassociateKmsKey|PutLogGroup\w+)$/,
  ],
  'AWS::S3::Bucket': [
    /^(iam|s3tables):/,
    /:(Put|Delete)\w*(Abac|Analytics|Cors|CORS|Inventory|Metrics|Replication|Website|Accelerate|IntelligentTiering)\w*$/,
    /:(Put|Delete)\w*(Acl|ObjectLock|Logging)\w*$/,
    /:(Create|Update|Delete)BucketMetadata\w+$/,
    // The stack deletes no bucket's encryption or lifecycle rules, and its objects are not CloudFormation's.
    /:(DeleteBucketEncryption|DeleteBucketLifecycle|DeleteObject)$/,
  ],
  'AWS::SNS::Subscription': [/^iam:/],
  'AWS::SNS::Topic': [/^iam:/, /:(PutDataProtectionPolicy|Subscribe|Unsubscribe)$/],
  'AWS::StepFunctions::StateMachine': [/^(kms|s3):/],
};

/** What `serverless deploy` and `remove` call themselves, and on what. */
export const FRAMEWORK_NEEDS = {
  stack: [
    ...of(
      'cloudformation',
      'CreateStack UpdateStack DeleteStack DescribeStacks DescribeStackEvents GetTemplate',
    ),
    ...of('cloudformation', 'DescribeStackResource DescribeStackResources ListStackResources TagResource'),
  ],
  any: ['cloudformation:ValidateTemplate'],
  bucket: ['s3:ListBucket', 's3:ListBucketVersions'],
  object: of('s3', 'GetObject PutObject DeleteObject DeleteObjectVersion'),
  function: ['lambda:GetFunction'],
} as const;

/** The ports that removing a stage's pipelines uses: operator/serverless-plugin/remove-pipelines.ts. */
export const REMOVAL_PORTS: { readonly [P in keyof Ports]?: readonly (keyof Ports[P])[] } = {
  configs: ['page'],
  statuses: ['read', 'page'],
  ledgers: ['reserve'],
  queues: ['page', 'read', 'tags', 'delete'],
  functions: ['page', 'read', 'delete'],
  mappings: ['page', 'delete'],
  bursts: ['open', 'readSent'],
};

function of(service: string, actions: string): readonly string[] {
  return actions.split(' ').map((action) => `${service}:${action}`);
}
