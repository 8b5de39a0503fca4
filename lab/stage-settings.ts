import type { Connection } from '../aws/clients.ts';
import { readSettings, type Settings } from '../aws/environment.ts';
import type { Outputs } from './local-stage/deploy.ts';

/** What the functions of a deployed local stage are told, for programs that do their work from outside. */
export function settingsOfStage({ accessKeyId }: Connection, stage: string, outputs: Outputs): Settings {
  return readSettings({
    SLUICE_STAGE: stage,
    PIPELINES_TABLE: outputs.PipelinesTable,
    STATUS_TABLE: outputs.StatusTable,
    LEDGERS_TABLE: outputs.LedgersTable,
    RELEASES_TABLE: outputs.ReleasesTable,
    FLOW_TABLE: outputs.FlowTable,
    HOLDS_TABLE: outputs.HoldsTable,
    BURSTS_TABLE: outputs.BurstsTable,
    CODE_BUCKET: outputs.CodeBucket,
    SALVAGE_BUCKET: outputs.SalvageBucket,
    BURST_BUCKET: outputs.BurstBucket,
    LIFECYCLE_ARN: outputs.PipelineLifecycleArn,
    ROLLOUT_ARN: outputs.CodeRolloutArn,
    CONSUMER_ROLE_ARN: `arn:aws:iam::${accessKeyId}:role/sluice-${stage}-consumer`,
    CONSUMER_LOG_GROUP: `/sluice/${stage}/consumers`,
  });
}
