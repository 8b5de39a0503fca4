import { describe, expect, it, jest } from '@jest/globals';
import { createMetrics, METRIC_NAMESPACE } from '../../aws/telemetry.ts';
import { readTemplate } from './packaged-stage.ts';
import { propertiesOf, STAGE } from './properties.ts';

describe('alarms', () => {
  it('on metrics of our own watch what is really emitted', () => {
    const lines: string[] = [];
    const write = jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((line) => lines.push(String(line)) > 0);
    try {
      createMetrics(STAGE).count('Orphans', 1);
    } finally {
      write.mockRestore();
    }
    const { _aws, ...values } = JSON.parse(lines[0] ?? '{}');
    const [emitted] = _aws.CloudWatchMetrics;
    const dimensions = emitted.Dimensions[0].map((Name: string) => ({ Name, Value: values[Name] }));
    const sort = (list: { Name: string }[]) => list.toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
    const ours = Object.values(propertiesOf('AWS::CloudWatch::Alarm')).filter(
      ({ Namespace }) => Namespace === METRIC_NAMESPACE,
    );
    expect(ours.map(({ MetricName }) => MetricName).sort()).toEqual([
      'DeadWriters',
      'DriftRepaired',
      'FailedPipelines',
      'Orphans',
      'ReleasesStopped',
    ]);
    for (const alarm of ours) expect(sort(alarm.Dimensions as { Name: string }[])).toEqual(sort(dimensions));
  });

  it('watch the failed executions of every state machine', () => {
    const watched = Object.values(propertiesOf('AWS::CloudWatch::Alarm'))
      .filter(({ MetricName }) => MetricName === 'ExecutionsFailed')
      .map(({ Dimensions }) => JSON.stringify(Dimensions));
    const machines = Object.keys(propertiesOf('AWS::StepFunctions::StateMachine'));
    expect(watched).toHaveLength(machines.length);
    expect(new Set(watched).size).toBe(machines.length);
  });

  it('reach the topics that the stage names', () => {
    for (const { AlarmActions } of Object.values(
      propertiesOf('AWS::CloudWatch::Alarm', readTemplate('full')),
    )) {
      expect(AlarmActions).toEqual(['arn:aws:sns:us-east-1:123456789012:pager']);
    }
  });
});
