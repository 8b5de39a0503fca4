import { describe, expect, it } from '@jest/globals';
import { readSettings } from '../../aws/environment.ts';
import { ROLLOUT_PREFIX } from '../../aws/settings.ts';
import { variableName } from '../../aws/variables.ts';
import { ROLLOUT_SETTINGS } from '../../core/release/rollout-settings.ts';
import { AWS_TIMINGS } from '../../core/stage-settings.ts';
import { bundleSizes } from '../../lab/build/bundle-sizes.ts';
import { packageFolder, readTemplate, STAGES, type StageKind } from './packaged-stage.ts';
import { environmentOf, propertiesOf, STAGE, valuesOf } from './properties.ts';
import { ACCOUNT } from './resolve.ts';

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
    const others = [
      'consumer',
      'pipeline-lifecycle-machine',
      'code-rollout-machine',
      'redrive-machine',
      'burst-machine',
    ];
    expect(roleNames.sort()).toEqual([...functionNames, ...others].sort());
  });

  it('run on Node 24 on arm64, with source maps, and log to a group that goes with the stack', () => {
    const groups = valuesOf('AWS::Logs::LogGroup', 'LogGroupName');
    for (const properties of Object.values(functions)) {
      expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(environmentOf(properties)).toMatchObject({ NODE_OPTIONS: '--enable-source-maps' });
      expect(groups).toContain(`/aws/lambda/${properties.FunctionName}`);
    }
  });

  it('all consumers share one log group', () => {
    const [first] = Object.values(functions);
    expect(first && environmentOf(first).CONSUMER_LOG_GROUP).toBe(`/sluice/${STAGE}/consumers`);
    expect(valuesOf('AWS::Logs::LogGroup', 'LogGroupName')).toContain(`/sluice/${STAGE}/consumers`);
  });

  it.each(Object.keys(STAGES) as StageKind[])('of a %s stage find all their settings', (kind) => {
    for (const properties of Object.values(propertiesOf('AWS::Lambda::Function', readTemplate(kind)))) {
      const environment = environmentOf(properties);
      const settings = readSettings(environment);
      expect(settings.stage).toBe(STAGES[kind].stage);
      expect(settings.lifecycleArn).toContain(`:stateMachine:sluice-${settings.stage}-pipeline-lifecycle`);
      expect(settings.rolloutArn).toContain(`:stateMachine:sluice-${settings.stage}-code-rollout`);
      expect(settings.redriveArn).toContain(`:stateMachine:sluice-${settings.stage}-redrive`);
      expect(settings.burstArn).toContain(`:stateMachine:sluice-${settings.stage}-burst`);
      // Lambda takes 4 KB in all; layers and subnets of a stage come on top of what these have.
      expect(Buffer.byteLength(JSON.stringify(environment))).toBeLessThan(3072);
      // A setting that is not handed on would silently stay at its default.
      const variables = [
        ...Object.keys(AWS_TIMINGS).map((setting) => variableName(setting)),
        ...Object.keys(ROLLOUT_SETTINGS).map((setting) => variableName(setting, ROLLOUT_PREFIX)),
        ...['HEALTH_SOURCE', 'LATE_SECONDS', 'KEEP_RELEASES', 'RESTS_FOR_CODE'],
      ];
      expect(variables.filter((name) => environment[name] === undefined)).toEqual([]);
    }
  });

  it('gets the default settings unless a stage says otherwise, and a full stage gets what it says', () => {
    const settingsOf = (kind: StageKind) =>
      readSettings(
        environmentOf(Object.values(propertiesOf('AWS::Lambda::Function', readTemplate(kind)))[0] ?? {}),
      );
    expect(settingsOf('plain')).toMatchObject({
      timings: AWS_TIMINGS,
      rollout: ROLLOUT_SETTINGS,
      healthSource: 'metrics',
      lateSeconds: 3600,
      keepReleases: 10,
      restsForCode: false,
    });
    expect(settingsOf('full')).toMatchObject({
      controlPlanePerSecond: 5,
      orphans: 'drain',
      reconcileSlice: 100,
      rollout: {
        canaryShare: 0.1,
        growth: 2.5,
        bakeSeconds: 600,
        unknownSeconds: 1800,
        minTasks: 100,
        failureShare: 0.01,
        throttleShare: 0.1,
        deadLetters: 3,
        durationFactor: 1.5,
        toleratedShare: 0,
      },
      healthSource: 'logs',
      lateSeconds: 900,
      keepReleases: 25,
      restsForCode: true,
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
