import type { FunctionState } from '../../../aws/ports.ts';
import { CONSUMER_ENVIRONMENT } from '../../../core/consumer-code.ts';
import { readLimits } from '../../../core/flow/limits.ts';
import type { FunctionSettings } from '../../../core/lifecycle/differences.ts';
import type { CodeRef, FunctionSpec } from '../../../core/lifecycle/target.ts';
import { type Behaviour, sha256Of } from './code-bucket.ts';

/** What a function runs with: old code and old settings serve until an update is Successful. */
export interface InService {
  readonly code: CodeRef;
  readonly behaviour: Behaviour;
  readonly timeoutSeconds: number;
  /** Its runtime keeps one task at a time. */
  readonly lease: boolean;
}

export interface SimulatedFunction {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  settings: FunctionSettings;
  code: CodeRef;
  inService: InService;
  state: FunctionState['state'];
  lastUpdate: FunctionState['lastUpdate'];
  reason?: string;
  reserved?: 1;
}

/** Of a function of somebody else's. */
export const FOREIGN: FunctionSettings = {
  roleArn: 'arn:aws:iam::123456789012:role/other',
  handler: 'other.handler',
  runtime: 'nodejs24.x',
  timeoutSeconds: 7,
  memoryMb: 128,
  environment: {},
  layers: [],
  subnetIds: [],
  securityGroupIds: [],
  tracing: false,
  logGroup: '/other',
};

const ARN = 'arn:aws:lambda:simulated:123456789012:function:';

/** Whether a function with these settings is told to keep one task at a time. */
export function leaseOf({ environment }: Pick<FunctionSettings, 'environment'>): boolean {
  return readLimits(environment[CONSUMER_ENVIRONMENT.limits]).lease;
}

/** A function as a reader sees it. */
export function shown(found: SimulatedFunction): FunctionState {
  const { name, settings, code, state, lastUpdate, reason, reserved, tags } = found;
  return {
    ...settings,
    architecture: 'arm64',
    arn: ARN + name,
    state,
    lastUpdate,
    ...(reason === undefined
      ? {}
      : state === 'Failed'
        ? { stateReason: reason }
        : { lastUpdateReason: reason }),
    codeSha256: sha256Of(code.key, code.version),
    ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
    tags,
  };
}

export function isBusy(found: SimulatedFunction): boolean {
  return found.state === 'Pending' || found.lastUpdate === 'InProgress';
}

export function settingsOf(spec: FunctionSpec): FunctionSettings {
  const { name: _name, tags: _tags, architecture: _architecture, ...settings } = spec;
  return settings;
}
