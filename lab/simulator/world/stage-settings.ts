import { ROLLOUT_SETTINGS } from '../../../core/release/rollout-settings.ts';
import { AWS_TIMINGS, type StageSettings } from '../../../core/stage-settings.ts';

/** The settings of a stage that sets nothing: AWS's own timings and every default. */
export function stageSettings(stage: string, changes: Partial<StageSettings> = {}): StageSettings {
  return {
    stage,
    consumers: {
      stage,
      roleArn: `arn:aws:iam::123456789012:role/sluice-${stage}-consumer`,
      codeBucket: `code-of-${stage}`,
      flowTable: `sluice-${stage}-flow`,
      holdsTable: `sluice-${stage}-holds`,
      burstsTable: `sluice-${stage}-bursts`,
      logGroup: `/sluice/${stage}/consumers`,
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      handler: 'index.handler',
      layers: [],
      subnetIds: [],
      securityGroupIds: [],
      tracing: false,
    },
    salvageBucket: `salvage-of-${stage}`,
    controlPlanePerSecond: 10,
    orphans: 'report',
    reconcileSlice: 400,
    rollout: ROLLOUT_SETTINGS,
    healthSource: 'metrics',
    lateSeconds: 3_600,
    keepReleases: 10,
    restsForCode: false,
    timings: AWS_TIMINGS,
    ...changes,
  };
}
