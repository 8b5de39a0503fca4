import { evaluateMath, type Missing, type Series } from './metric-math.ts';

/** What is told of a metric in each period, the oldest first: one value, several, or nothing. */
export type Samples = readonly (number | readonly number[] | undefined)[];

export interface MetricSource {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

export interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: MetricSource; readonly Stat: string; readonly Period: number };
  readonly ReturnData?: boolean;
}

/** Of AWS::CloudWatch::Alarm, what decides whether it rings. */
export interface Rule {
  readonly ComparisonOperator: string;
  readonly Threshold: number | string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: string;
  readonly Statistic?: string;
  readonly Metrics?: readonly Query[];
}

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const STATISTICS: Readonly<Record<string, (samples: readonly number[]) => number>> = {
  Sum: (samples) => samples.reduce((sum, each) => sum + each, 0),
  Maximum: (samples) => Math.max(...samples),
  Minimum: (samples) => Math.min(...samples),
};

function known<T>(table: Readonly<Record<string, T>>, name: string | undefined): T {
  const entry = table[name ?? 'nothing'];
  if (entry === undefined) throw new RangeError(`${name} is not known here`);
  return entry;
}

/** What a metric's samples become, period by period. */
function seriesOf(samples: Samples, statistic: string | undefined): Series {
  const of = known(STATISTICS, statistic);
  return samples.map((sample) =>
    sample === undefined ? undefined : of(typeof sample === 'number' ? [sample] : sample),
  );
}

/**
 * Whether an alarm rings, if this is all that its metrics have told.
 * @param told by the id of the metric; of an alarm on one metric by that metric's name
 */
export function rings(
  rule: Rule & { readonly MetricName?: string },
  told: Readonly<Record<string, Samples>>,
  missing: Missing,
): boolean {
  return isBreached(rule, pointsOf(rule, told, missing));
}

function pointsOf(
  { Metrics, MetricName = '', Statistic }: Rule & { readonly MetricName?: string },
  told: Readonly<Record<string, Samples>>,
  missing: Missing,
): Series {
  const watched = Metrics?.find(({ ReturnData = true }) => ReturnData);
  if (Metrics === undefined) return seriesOf(known(told, MetricName), Statistic);
  const metrics = Metrics.flatMap(({ Id, MetricStat }) =>
    MetricStat === undefined ? [] : [[Id, seriesOf(known(told, Id), MetricStat.Stat)] as const],
  );
  return evaluateMath(watched?.Expression ?? '', Object.fromEntries(metrics), missing);
}

/**
 * Whether an alarm is in ALARM after these points, which are all that CloudWatch looks at: the latest that there are,
 * and for those that are too few what the alarm takes missing ones for.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function isBreached(rule: Rule, points: Series): boolean {
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = rule;
  const isMissingBad = known({ breaching: true, notBreaching: false }, rule.TreatMissingData);
  const compare = known(COMPARISONS, rule.ComparisonOperator);
  const latest = points.filter((point) => point !== undefined).slice(-EvaluationPeriods);
  const bad = latest.filter((point) => compare(point, Number(rule.Threshold))).length;
  return bad + (isMissingBad ? EvaluationPeriods - latest.length : 0) >= DatapointsToAlarm;
}
