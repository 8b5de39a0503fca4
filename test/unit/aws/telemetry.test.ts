import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLog, createMetrics } from '../../../aws/telemetry.ts';

// Powertools writes to a console of its own, on standard output and standard error, unless it is told to use
// the global one; that alone would turn metrics off.
let lines: string[] = [];
beforeEach(() => {
  lines = [];
  process.env.POWERTOOLS_DEV = 'true';
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  for (const method of ['log', 'info', 'warn'] as const) {
    jest.spyOn(console, method).mockImplementation((line) => void lines.push(String(line)));
  }
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.POWERTOOLS_DEV;
  delete process.env.POWERTOOLS_METRICS_DISABLED;
});

const only = () => {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
};

describe('log', () => {
  it('writes one JSON line with the stage and the data', () => {
    createLog('dev').warn('step failed', { pipelineId: 'a', step: 'Claim' });
    expect(only()).toMatchObject({
      level: 'WARN',
      message: 'step failed',
      service: 'sluice',
      stage: 'dev',
      pipelineId: 'a',
      step: 'Claim',
    });
  });
});

describe('a log line', () => {
  it('keeps what was said beside its own message', () => {
    createLog('dev').info('redrive', { pipelineId: 'a', message: 'it begins' });
    expect(only()).toMatchObject({ message: 'redrive', pipelineId: 'a', said: 'it begins' });
  });
});

describe('metrics', () => {
  it('writes one embedded metric, whose only dimensions are the service and the stage', () => {
    createMetrics('dev').count('Orphans', 3, { pipelineId: 'a', kind: 'queue' });
    const line = only();
    expect(line).toMatchObject({
      Orphans: 3,
      service: 'sluice',
      stage: 'dev',
      pipelineId: 'a',
      kind: 'queue',
    });
    expect(line._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'Sluice',
        Dimensions: [expect.arrayContaining(['service', 'stage'])],
        Metrics: [{ Name: 'Orphans', Unit: 'Count' }],
      },
    ]);
    expect(line._aws.CloudWatchMetrics[0].Dimensions[0]).toHaveLength(2);
  });

  it('keeps one count apart from the next', () => {
    const metrics = createMetrics('dev');
    metrics.count('Drift', 1, { pipelineId: 'a' });
    metrics.count('Orphans', 2);
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual([
      expect.arrayContaining(['Drift', 'pipelineId']),
      expect.not.arrayContaining(['Drift', 'pipelineId']),
    ]);
  });
});
