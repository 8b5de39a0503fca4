import { stageSettings } from '../../../lab/simulator/world/stage-settings.ts';

/** A stage that sets nothing, and the least that the environment of its functions says. */
export const stage = stageSettings('dev');
export const LEAST = {
  SLUICE_STAGE: 'dev',
  PIPELINES_TABLE: 'sluice-dev-pipelines',
  STATUS_TABLE: 'sluice-dev-status',
  LEDGERS_TABLE: 'sluice-dev-ledgers',
  RELEASES_TABLE: 'sluice-dev-releases',
  FLOW_TABLE: 'sluice-dev-flow',
  HOLDS_TABLE: 'sluice-dev-holds',
  BURSTS_TABLE: 'sluice-dev-bursts',
  CODE_BUCKET: stage.consumers.codeBucket,
  SALVAGE_BUCKET: stage.salvageBucket,
  BURST_BUCKET: 'bursts-of-dev',
  CONSUMER_ROLE_ARN: stage.consumers.roleArn,
  CONSUMER_LOG_GROUP: stage.consumers.logGroup,
};
export const LIFECYCLE_ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:m';
