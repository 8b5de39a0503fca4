import { describe, expect, it } from '@jest/globals';
import { functionState } from '../../../aws/function-state.ts';

describe('the state of a function', () => {
  it('has a value for everything that Lambda leaves out', () => {
    expect(functionState({ Configuration: { FunctionName: 'f', FunctionArn: 'arn:f' } })).toEqual({
      arn: 'arn:f',
      architecture: 'x86_64',
      roleArn: '',
      handler: '',
      runtime: '',
      timeoutSeconds: 3,
      memoryMb: 128,
      environment: {},
      layers: [],
      subnetIds: [],
      securityGroupIds: [],
      tracing: false,
      logGroup: '/aws/lambda/f',
      state: 'Active',
      lastUpdate: 'Successful',
      codeSha256: '',
      tags: {},
    });
  });

  it('is read from wherever Lambda keeps it', () => {
    const state = functionState({
      Configuration: {
        FunctionName: 'f',
        Layers: [{ Arn: 'arn:layer:1', CodeSize: 5 }],
        VpcConfig: { SubnetIds: ['s'], SecurityGroupIds: ['g'], VpcId: 'v' },
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: '/g', LogFormat: 'Text' },
        State: 'Failed',
        StateReason: 'why',
        LastUpdateStatus: 'Failed',
        LastUpdateStatusReason: 'because',
      },
      Concurrency: { ReservedConcurrentExecutions: 0 },
      Tags: { a: 'b' },
    });
    expect(state).toMatchObject({
      layers: ['arn:layer:1'],
      subnetIds: ['s'],
      securityGroupIds: ['g'],
      tracing: true,
      logGroup: '/g',
      state: 'Failed',
      stateReason: 'why',
      lastUpdate: 'Failed',
      lastUpdateReason: 'because',
      reservedConcurrency: 0,
      tags: { a: 'b' },
    });
  });

  it.each([
    ['Active', 'Active'],
    ['Pending', 'Pending'],
    ['Failed', 'Failed'],
    ['Inactive', 'Inactive'],
    ['Deactivated', 'Inactive'],
    ['ActiveNonInvocable', 'Inactive'],
  ] as const)('takes %s for %s', (state, expected) => {
    expect(functionState({ Configuration: { State: state } }).state).toBe(expected);
  });
});
