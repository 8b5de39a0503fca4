import { describe, expect, it } from '@jest/globals';
import { readSettings, SettingsError } from '../../../aws/settings.ts';
import { ROLLOUT_SETTINGS } from '../../../core/release/rollout-settings.ts';
import { AWS_TIMINGS } from '../../../core/stage-settings.ts';
import { LEAST, stage } from './environment.ts';

describe('readSettings', () => {
  it('fills in everything that has a default, as the simulated stage has it', () => {
    expect(readSettings(LEAST)).toEqual({
      ...stage,
      pipelinesTable: 'sluice-dev-pipelines',
      statusTable: 'sluice-dev-status',
      burstBucket: 'bursts-of-dev',
      ledgersTable: 'sluice-dev-ledgers',
      releasesTable: 'sluice-dev-releases',
    });
  });

  it('reads everything that can be set', () => {
    const machine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:sluice-dev-';
    const settings = readSettings({
      ...LEAST,
      LIFECYCLE_ARN: `${machine}pipeline-lifecycle`,
      ROLLOUT_ARN: `${machine}code-rollout`,
      REDRIVE_ARN: `${machine}redrive`,
      CONSUMER_RUNTIME: 'python3.13',
      CONSUMER_ARCHITECTURE: 'x86_64',
      CONSUMER_HANDLER: 'main.run',
      CONSUMER_LAYERS: 'arn:layer:1, arn:layer:2',
      CONSUMER_SUBNET_IDS: 'subnet-1,subnet-2',
      CONSUMER_SECURITY_GROUP_IDS: 'sg-1',
      CONSUMER_TRACING: 'true',
      CONTROL_PLANE_PER_SECOND: '7.5',
      ORPHANS: 'drain',
      RECONCILE_SLICE: '50',
      ROLLOUT_CANARY_SHARE: '0.25',
      ROLLOUT_MIN_TASKS: '7',
      ROLLOUT_TOLERATED_SHARE: '0',
      HEALTH_SOURCE: 'logs',
      LATE_SECONDS: '900',
      KEEP_RELEASES: '3',
      RESTS_FOR_CODE: 'true',
      FUNCTION_POLL_SECONDS: '1',
      EMPTY_SPAN_SECONDS: '0',
      LEASE_SECONDS: '900',
    });
    expect(settings).toMatchObject({
      lifecycleArn: `${machine}pipeline-lifecycle`,
      rolloutArn: `${machine}code-rollout`,
      redriveArn: `${machine}redrive`,
      consumers: {
        runtime: 'python3.13',
        architecture: 'x86_64',
        handler: 'main.run',
        layers: ['arn:layer:1', 'arn:layer:2'],
        subnetIds: ['subnet-1', 'subnet-2'],
        securityGroupIds: ['sg-1'],
        tracing: true,
      },
      controlPlanePerSecond: 7.5,
      orphans: 'drain',
      reconcileSlice: 50,
      rollout: { ...ROLLOUT_SETTINGS, canaryShare: 0.25, minTasks: 7, toleratedShare: 0 },
      healthSource: 'logs',
      lateSeconds: 900,
      keepReleases: 3,
      restsForCode: true,
      timings: { ...AWS_TIMINGS, functionPollSeconds: 1, emptySpanSeconds: 0, leaseSeconds: 900 },
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readSettings({ ...LEAST, LIFECYCLE_ARN: '', CONSUMER_LAYERS: '', ORPHANS: '' })).toEqual(
      readSettings(LEAST),
    );
  });

  it('names every variable that is missing or wrong, at once', () => {
    const { STATUS_TABLE: _left, CODE_BUCKET: _out, ...rest } = LEAST;
    const environment = {
      ...rest,
      SLUICE_STAGE: 'My-Stage',
      CONSUMER_ROLE_ARN: 'sluice-dev-consumer',
      CONTROL_PLANE_PER_SECOND: '50',
      ORPHANS: 'kill',
      ROLLOUT_GROWTH: '0.5',
      ROLLOUT_DEAD_LETTERS: '1.5',
      KEEP_RELEASES: '0',
      LEASE_SECONDS: 'long',
    };
    const problems = problemsOf(environment);
    expect(problems.map(({ path, code }) => [path, code]).sort()).toEqual([
      ['CODE_BUCKET', 'Missing'],
      ['CONSUMER_ROLE_ARN', 'NotAllowed'],
      ['CONTROL_PLANE_PER_SECOND', 'NotAllowed'],
      ['KEEP_RELEASES', 'NotAllowed'],
      ['LEASE_SECONDS', 'NotAllowed'],
      ['ORPHANS', 'NotAllowed'],
      ['ROLLOUT_DEAD_LETTERS', 'NotAllowed'],
      ['ROLLOUT_GROWTH', 'NotAllowed'],
      ['SLUICE_STAGE', 'NotAllowed'],
      ['STATUS_TABLE', 'Missing'],
    ]);
    expect(() => readSettings(environment)).toThrow(
      'CONTROL_PLANE_PER_SECOND must be a number from 0.1 to 15, got "50"',
    );
    expect(() => readSettings(environment)).toThrow(
      'KEEP_RELEASES must be a whole number from 1 to 1000, got "0"',
    );
    expect(() => readSettings(environment)).toThrow('ORPHANS must be report or drain, got "kill"');
    expect(() => readSettings(environment)).toThrow('STATUS_TABLE must be a name, got nothing');
  });

  it.each([
    ['a lease that ends before its holder comes back', { LEASE_SECONDS: '180' }, 'LEASE_SECONDS'],
    ['a step too short for a call', { STEP_SECONDS: '10' }, 'STEP_SECONDS'],
    ['half a VPC', { CONSUMER_SUBNET_IDS: 'subnet-1' }, 'CONSUMER_SECURITY_GROUP_IDS'],
  ])('refuses %s', (_what, change, path) => {
    expect(problemsOf({ ...LEAST, ...change })).toMatchObject([{ path, code: 'Conflict' }]);
  });
});

function problemsOf(environment: Record<string, string>) {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  throw new Error('accepted');
}
