import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { createMetrics, METRIC_NAMESPACE } from '../../aws/telemetry.ts';
import { stageMetrics } from '../../core/sweep/told.ts';
import { alarmCell, alarmEnding, BEHIND_ALARMS } from '../../core/verdict/alarms.ts';
import { VERDICT_KINDS } from '../../core/verdict/kinds.ts';
import { projectRoot } from '../../lab/local-stage/paths.ts';
import { VERDICT_STYLES } from '../../operator/cli/verdict-style.ts';
import { ALARM_CASES } from './alarm-cases.ts';
import { type MetricSource, type Query, type Rule, rings } from './alarm-state.ts';
import { AWS_METRICS } from './aws-metrics.ts';
import { readTemplate } from './packaged-stage.ts';
import { propertiesOf, STAGE, valuesOf } from './properties.ts';

const alarms = (of?: Parameters<typeof propertiesOf>[1]) =>
  Object.values(propertiesOf('AWS::CloudWatch::Alarm', of));
const queriesOf = (alarm: Readonly<Record<string, unknown>>) => (alarm.Metrics ?? []) as readonly Query[];

/** Every metric that any alarm looks at. */
function metricsOf(alarm: Readonly<Record<string, unknown>>): readonly MetricSource[] {
  if (alarm.MetricName !== undefined) return [alarm as unknown as MetricSource];
  return queriesOf(alarm).flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
}

const source = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

/** Names of the metrics that Sluice's own functions tell. */
const OWN = new Set([
  ...stageMetrics(undefined, undefined).map(({ name }) => name),
  ...readdirSync(join(projectRoot, 'functions'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...source(join('functions', file)).matchAll(/metrics\.count\('(\w+)'/g)])
    .map(([, name = '']) => name),
]);
/** And those that consumers tell. */
const CONSUMERS = new Set(
  [...source('consumer/metrics.ts').matchAll(/^const (?:COUNTS|TIMES) = (\[.*\]) as const;/gm)].flatMap(
    ([, names = '']) => JSON.parse(names.replaceAll("'", '"')) as string[],
  ),
);

function isTold(name: string, dimensions: Readonly<Record<string, string>>): boolean {
  if (dimensions.stage !== STAGE || Object.keys(dimensions).length !== 2) return false;
  return (
    dimensions.service === 'consumer' ? CONSUMERS : dimensions.service === 'sluice' ? OWN : new Set()
  ).has(name);
}

/** An alarm by its name without the stage. */
const named = new Map(
  alarms().map((alarm) => [String(alarm.AlarmName).replace(`sluice-${STAGE}-`, ''), alarm] as const),
);

function ruleOf(name: string): Rule {
  const alarm = named.get(name);
  if (alarm === undefined) throw new RangeError(`no alarm ${name}`);
  return alarm as unknown as Rule;
}

/** Whose a metric is: its resource's name without the stage, or the service that tells it. */
function ownerOf({ Dimensions = [] }: MetricSource): string {
  const {
    service,
    stage: _same,
    ...rest
  } = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  const owner = service ?? Object.values(rest).join() ?? '';
  return owner === '' ? 'account' : (owner.split(':').at(-1) ?? '').replace(`sluice-${STAGE}-`, '');
}

describe('alarms', () => {
  it('on metrics of AWS watch ones that AWS tells, by the dimensions that it tells them', () => {
    const ofAws = alarms()
      .flatMap(metricsOf)
      .filter(({ Namespace }) => Namespace !== METRIC_NAMESPACE);
    const untold = ofAws.filter(({ Namespace, MetricName, Dimensions = [] }) => {
      const names = Dimensions.map(({ Name }) => Name).join();
      return !AWS_METRICS[Namespace]?.metrics[MetricName]?.some((known) => known.join() === names);
    });
    expect(untold).toEqual([]);
    const used = new Set(ofAws.map(({ Namespace, MetricName }) => `${Namespace} ${MetricName}`));
    const listed = Object.entries(AWS_METRICS).flatMap(([namespace, { metrics }]) =>
      Object.keys(metrics).map((name) => `${namespace} ${name}`),
    );
    expect([...used].sort()).toEqual(listed.sort());
  });

  it('all have samples that let them ring, and samples that do not', () => {
    expect(Object.keys(ALARM_CASES).sort()).toEqual([...named.keys()].sort());
  });

  describe.each(Object.entries(ALARM_CASES))('%s', (name, { watches, ...cases }) => {
    it('watches what it is for', () => {
      const watched = metricsOf(named.get(name) ?? {}).map(
        (metric) => `${metric.Namespace} ${metric.MetricName} ${ownerOf(metric)}`,
      );
      expect(watched.sort()).toEqual([...watches].sort());
    });

    it.each(Object.entries(cases.rings))('rings: %s', (_words, samples) => {
      expect(rings(ruleOf(name), samples, 'zero')).toBe(true);
      expect(rings(ruleOf(name), samples, 'dropped')).toBe(true);
    });

    it.each(Object.entries(cases.quiet))('is quiet: %s', (_words, samples) => {
      expect(rings(ruleOf(name), samples, 'zero')).toBe(false);
      expect(rings(ruleOf(name), samples, 'dropped')).toBe(false);
    });
  });

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
    const ours = alarms().filter(({ Namespace }) => Namespace === METRIC_NAMESPACE);
    expect(ours.map(({ MetricName }) => MetricName).sort()).toEqual([
      'DeadLetters',
      'DeadWriters',
      'DriftRepaired',
      'FailedPipelines',
      'OldestTaskSeconds',
      'Orphans',
      'PipelinesStuck',
      'ReleasesStopped',
    ]);
    for (const alarm of ours) expect(sort(alarm.Dimensions as { Name: string }[])).toEqual(sort(dimensions));
  });

  it('on metrics of ours, in expressions too, watch what a function or a consumer tells', () => {
    const ours = alarms()
      .flatMap(metricsOf)
      .filter(({ Namespace }) => Namespace === METRIC_NAMESPACE);
    const untold = ours.filter(({ MetricName, Dimensions = [] }) => {
      return !isTold(MetricName, Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])));
    });
    expect(ours.length).toBeGreaterThanOrEqual(15);
    expect(untold).toEqual([]);
  });

  it('by an expression have one that is watched, of at most ten metrics that it knows', () => {
    const byExpression = alarms().filter((alarm) => alarm.Metrics !== undefined);
    expect(byExpression).toHaveLength(10);
    for (const alarm of byExpression) {
      const queries = queriesOf(alarm);
      const [watched, ...others] = queries.filter(({ ReturnData = true }) => ReturnData);
      expect(others).toEqual([]);
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
      expect(metricsOf(alarm).length).toBeLessThanOrEqual(10);
      const named = [...(watched?.Expression ?? '').matchAll(/\b[a-z]\w*/g)].map(([name]) => name);
      const known = queries.map(({ Id }) => Id);
      expect(named.filter((name) => !known.includes(name))).toEqual([]);
    }
  });

  it('ring from where on the stage says', () => {
    const thresholds = (kind: 'plain' | 'full') =>
      Object.fromEntries(
        alarms(readTemplate(kind)).map(({ AlarmName, Threshold }) => [
          String(AlarmName).replace(/^sluice-[a-z0-9]+-/, ''),
          Number(Threshold),
        ]),
      );
    expect(thresholds('plain')).toMatchObject({
      concurrency: 10,
      'error-rate': 10,
      'success-rate': 95,
      'oldest-task': 3_600,
    });
    expect(thresholds('full')).toMatchObject({
      concurrency: 200,
      'error-rate': 5,
      'success-rate': 99.5,
      'oldest-task': 900,
    });
    const rates = alarms(readTemplate('full')).filter(({ AlarmName }) => /-rate$/.test(String(AlarmName)));
    expect(rates).toHaveLength(2);
    for (const rate of rates) expect(queriesOf(rate)[0]?.Expression).toContain('>= 50,');
  });

  it('are each explained in docs/operating.md, what it means and what to do, and no other is', () => {
    const section = source('docs/operating.md').split('\n## Alarms\n')[1]?.split('\n## ')[0] ?? '';
    const table = section.split('\n\n')[0] ?? section;
    const explained = [...table.matchAll(/^\| `([a-z-]+)` \| (.+) \| (.+) \| (.+) \|$/gm)];
    expect(explained.map(([, name]) => name).sort()).toEqual([...named.keys()].sort());
    const cells = explained.map(([, name = '', , , cell]) => [name, cell]);
    expect(cells).toEqual(cells.map(([name = '']) => [name, alarmCell(name)]));
  });

  it('say which verdicts typically stand behind them, in the words of sluice why, and what to call next', () => {
    expect(Object.keys(BEHIND_ALARMS).sort()).toEqual([...named.keys()].sort());
    for (const [name, { AlarmDescription }] of named) {
      const description = String(AlarmDescription);
      expect(description).toMatch(/^[A-Z][^.]+\. /);
      expect(description.split('. ').slice(1).join('. ')).toBe(alarmEnding(name, STAGE));
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      expect(description.length).toBeLessThanOrEqual(1_024);
    }
  });

  it('have behind them every verdict that asks somebody to do something', () => {
    const behind = new Set(Object.values(BEHIND_ALARMS).flatMap(({ verdicts }) => verdicts));
    const told = VERDICT_KINDS.filter((kind) => ['red', 'yellow'].includes(String(VERDICT_STYLES[kind])));
    expect(told.filter((kind) => !behind.has(kind))).toEqual(['paused', 'forcedOpen']);
  });

  it('cost what docs/operating.md says', () => {
    const metrics = alarms().flatMap(metricsOf).length;
    expect(source('docs/operating.md')).toContain(
      `| ${alarms().length} alarms on ${metrics} metrics, $0.10 each | ${(metrics / 10).toFixed(2)} |`,
    );
  });

  it('watch how executions of every state machine break, and the throttles of every function', () => {
    const watched = (metric: string) =>
      alarms()
        .flatMap(metricsOf)
        .filter(({ MetricName }) => MetricName === metric)
        .map(({ Dimensions = [] }) => Dimensions[0]?.Value.split(':').at(-1))
        .sort();
    const machines = valuesOf('AWS::StepFunctions::StateMachine', 'StateMachineName').sort();
    for (const metric of ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted']) {
      expect(watched(metric)).toEqual(machines);
    }
    expect(watched('Throttles')).toEqual(valuesOf('AWS::Lambda::Function', 'FunctionName').sort());
  });

  it('reach the topics that the stage names', () => {
    for (const { AlarmActions } of Object.values(
      propertiesOf('AWS::CloudWatch::Alarm', readTemplate('full')),
    )) {
      expect(AlarmActions).toEqual(['arn:aws:sns:us-east-1:123456789012:pager']);
    }
  });
});

describe('the dashboard', () => {
  const [properties] = Object.values(propertiesOf('AWS::CloudWatch::Dashboard'));
  const { widgets } = JSON.parse(String(properties?.DashboardBody)) as {
    widgets: {
      type: string;
      x: number;
      y: number;
      width: number;
      height: number;
      properties: { alarms?: string[]; metrics?: unknown[][] };
    }[];
  };

  it('is called after the stage, and shows every alarm', () => {
    expect(properties?.DashboardName).toBe(`sluice-${STAGE}`);
    const shown = widgets.flatMap((widget) => widget.properties.alarms ?? []);
    expect(shown.map((arn) => arn.split(':').at(-1)).sort()).toEqual(
      alarms()
        .map(({ AlarmName }) => AlarmName)
        .sort(),
    );
  });

  it('shows metrics of ours that are told', () => {
    const ours = widgets
      .flatMap((widget) => widget.properties.metrics ?? [])
      .filter(([namespace]) => namespace === METRIC_NAMESPACE);
    const untold = ours.filter(([, name, ...rest]) => {
      const texts = rest.filter((one) => typeof one === 'string');
      const pairs = texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1]] as const] : []));
      return !isTold(String(name), Object.fromEntries(pairs) as Record<string, string>);
    });
    expect(ours.length).toBeGreaterThan(15);
    expect(untold).toEqual([]);
  });

  it('searches only pipelines of its own stage', () => {
    const searches = widgets
      .flatMap((widget) => widget.properties.metrics ?? [])
      .flat()
      .map((one) => (one as { expression?: string }).expression ?? '')
      .filter((expression) => expression.startsWith('SEARCH'));
    expect(searches.length).toBeGreaterThan(2);
    for (const search of searches) expect(search).toContain(` sluice pipe ${STAGE}`);
  });

  it('has no two widgets in one place', () => {
    const places = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, at) => `${x + (at % width)} ${y + Math.floor(at / width)}`),
    );
    expect(new Set(places).size).toBe(places.length);
  });
});
