import { AWS_TIMINGS, type StageSettings } from '../../../core/stage-settings.ts';
import { type MachineDefinition, readMachine } from './machine-definition.ts';

/** The stage that lives in the simulated account. */
export const STAGE = 'sim';
export const CODE_KEY = 'consumer.zip';
export const SALVAGE_BUCKET = 'salvage-of-sim';

/** The stage's settings: AWS's own timings, unless a test wants others. */
export function simulatedSettings(changes: Partial<StageSettings> = {}): StageSettings {
  return {
    stage: STAGE,
    consumers: {
      stage: STAGE,
      roleArn: 'arn:aws:iam::123456789012:role/sluice-sim-consumer',
      codeBucket: 'code-of-sim',
      logGroup: '/sluice/sim/consumers',
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      handler: 'index.handler',
      layers: [],
      subnetIds: [],
      securityGroupIds: [],
      tracing: false,
    },
    salvageBucket: SALVAGE_BUCKET,
    controlPlanePerSecond: 10,
    orphans: 'report',
    reconcileSlice: 400,
    timings: AWS_TIMINGS,
    ...changes,
  };
}

let machine: MachineDefinition | undefined;

/** The machine as it is deployed, read once. */
export function lifecycleMachine(): MachineDefinition {
  machine ??= readMachine(`${import.meta.dirname}/../../../statemachines/pipeline-lifecycle.yml`);
  return machine;
}
