import { describe, expect, it } from '@jest/globals';
import { lintTemplates } from '../../lab/checks/cfn-lint.ts';
import { STAGES, type StageKind, templateFile } from './packaged-stage.ts';
import { resolve, STAGE, template, valuesOf } from './properties.ts';
import { ACCOUNT, REGION } from './resolve.ts';

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
      ReleasesTable: `sluice-${STAGE}-releases`,
      FlowTable: `sluice-${STAGE}-flow`,
      BurstsTable: `sluice-${STAGE}-bursts`,
      BurstBucket: `sluice-${STAGE}-bursts-${ACCOUNT}-${REGION}`,
      BurstFunction: `sluice-${STAGE}-burst`,
      HoldsTable: `sluice-${STAGE}-holds`,
      RolloutControlFunction: `sluice-${STAGE}-rollout-control`,
      RedriveFunction: `sluice-${STAGE}-redrive`,
      RestoreSalvageFunction: `sluice-${STAGE}-restore-salvage`,
    });
  });

  it('calls everything of its own sluice-<stage>-…, so that stages do not meet', () => {
    const own = [
      ...valuesOf('AWS::DynamoDB::Table', 'TableName'),
      ...valuesOf('AWS::SNS::Topic', 'TopicName'),
      ...valuesOf('AWS::SQS::Queue', 'QueueName'),
      ...valuesOf('AWS::Lambda::Function', 'FunctionName'),
      ...valuesOf('AWS::IAM::Role', 'RoleName'),
      ...valuesOf('AWS::StepFunctions::StateMachine', 'StateMachineName'),
      ...valuesOf('AWS::Events::Rule', 'Name'),
      ...valuesOf('AWS::CloudWatch::Alarm', 'AlarmName'),
    ].map(String);
    expect(own.length).toBeGreaterThan(30);
    expect(own.filter((name) => !name.startsWith(`sluice-${STAGE}-`))).toEqual([]);
    expect(own.filter((name) => name.length > 64)).toEqual([]);
  });

  it('has no reserved concurrency: an account with room for ten executions takes it', () => {
    const reserved = valuesOf('AWS::Lambda::Function', 'ReservedConcurrentExecutions');
    expect(reserved.filter((value) => value !== undefined)).toEqual([]);
  });
});

describe('the template', () => {
  it('has nothing for cfn-lint to say, whatever the settings', async () => {
    const result = await lintTemplates((Object.keys(STAGES) as StageKind[]).map(templateFile));
    if (result.kind === 'skipped') return console.warn(`cfn-lint skipped: ${result.reason}`);
    expect(result.findings).toEqual([]);
  }, 300_000);
});
