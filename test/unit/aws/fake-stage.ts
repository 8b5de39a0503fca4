import { createPorts, readSettings } from '../../../aws/environment.ts';
import type { Permit, Ports } from '../../../aws/ports.ts';
import type { FunctionSpec, MappingSpec, QueueSpec } from '../../../core/lifecycle/target.ts';
import { LEAST, LIFECYCLE_ARN } from './environment.ts';
import { type FakeAws, startFakeAws } from './fake-aws.ts';

interface FakeStage {
  readonly aws: FakeAws;
  readonly ports: Ports;
}

/** The ports of a stage whose AWS is a server that answers as told. */
export async function startFakeStage(callSeconds = 10): Promise<FakeStage> {
  const aws = await startFakeAws(callSeconds * 1_000);
  const settings = readSettings({ ...LEAST, LIFECYCLE_ARN, CALL_SECONDS: String(callSeconds) });
  return { aws, ports: createPorts(settings, aws.clients) };
}

export const permit: Permit = { lane: 'edit', startMs: 0 };
export const url = 'http://127.0.0.1/111122223333/q';
export const code = { key: 'consumer.zip', version: 'v1' };
export const queue: QueueSpec = {
  name: 'q',
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 60,
  redrive: { deadLetterQueueArn: 'arn:dlq', maxReceiveCount: 50 },
  tags: { a: 'b' },
};
export const consumer: FunctionSpec = {
  name: 'f',
  roleArn: 'arn:role',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  timeoutSeconds: 30,
  memoryMb: 256,
  environment: { A: 'b' },
  layers: ['arn:layer'],
  subnetIds: [],
  securityGroupIds: [],
  tracing: false,
  logGroup: '/g',
  tags: { c: 'd' },
};
export const mapping: MappingSpec = {
  functionName: 'f',
  queueArn: 'arn:q',
  enabled: true,
  maximumConcurrency: 5,
  batchSize: 1,
  batchWindowSeconds: 0,
  partialFailures: true,
  tags: { e: 'f' },
};
