import { describe, expect, it } from '@jest/globals';
import { isBreached } from './alarm-state.ts';
import { evaluateMath, type Missing, type Series } from './metric-math.ts';

const _ = undefined;

describe('metric math, as CloudWatch’s guide has it', () => {
  const compared = { metric1: [30, 20, 0, 0], metric2: [20, _, 20, _] };
  it.each<[string, Series]>([
    ['metric1 < metric2', [0, 0, 1, 0]],
    ['metric1 >= 30', [1, 0, 0, 0]],
    ['metric1 > 15 AND metric2 > 15', [1, 0, 0, 0]],
    ['metric1 > 15 && metric2 > 15', [1, 0, 0, 0]],
    ['metric1 > 15 OR metric2 > 15', [1, 1, 1, 0]],
  ])('compares: %s', (expression, expected) => {
    expect(evaluateMath(expression, compared)).toEqual(expected);
  });

  const chosen = { metric1: [1, 1, 0, 0, _], metric2: [30, _, 0, 0, 30], metric3: [0, 0, 20, _, 20] };
  it.each<[string, Series]>([
    ['IF(metric1, metric2, metric3)', [30, 0, 20, _, _]],
    ['IF(metric1, 5, metric3)', [5, 5, 20, _, _]],
    ['IF(metric1, metric2, 5)', [30, 0, 5, 5, _]],
    ['IF(metric1, metric2)', [30, 0, _, _, _]],
  ])('chooses: %s', (expression, expected) => {
    expect(evaluateMath(expression, chosen)).toEqual(expected);
  });

  const metrics = { m1: [1, 2, _, _], m2: [10, _, 30, _] };
  it.each<[string, Missing, Series]>([
    ['SUM([m1, m2])', 'dropped', [11, 2, 30, _]],
    ['SUM(METRICS())', 'dropped', [11, 2, 30, _]],
    ['MAX([m1, m2])', 'dropped', [10, 2, 30, _]],
    ['FILL(m1, 7)', 'zero', [1, 2, 7, 7]],
    ['m1 + m2', 'zero', [11, 2, 30, _]],
    ['m1 + m2', 'dropped', [11, _, _, _]],
    ['100 * m1 / m2', 'zero', [10, _, 0, _]],
    ['2 + 3 * m1 - 1', 'zero', [4, 7, _, _]],
    ['(2 + 3) * -m1', 'zero', [-5, -10, _, _]],
  ])('reckons: %s, what is missing is %s', (expression, missing, expected) => {
    expect(evaluateMath(expression, metrics, missing)).toEqual(expected);
  });

  it.each([
    'SUM(m1)',
    'MAX(m1)',
    '5',
    'METRICS()',
    'm1 +',
    'm3',
    'm1 m2',
    'SEARCH(m1)',
    'IF(1, m1, m2)',
    'm1 % 2',
  ])('has no alarm on %s', (expression) => {
    expect(() => evaluateMath(expression, metrics)).toThrow(SyntaxError);
  });
});

/** `0` is within the threshold, `X` beyond, `-` missing. */
function stateOf(points: string, DatapointsToAlarm: number, TreatMissingData: string) {
  const series = [...points].map((one) => (one === '-' ? _ : one === 'X' ? 2 : 0));
  const rule = { ComparisonOperator: 'GreaterThanThreshold', Threshold: 1, EvaluationPeriods: 3 };
  return isBreached({ ...rule, DatapointsToAlarm, TreatMissingData }, series) ? 'ALARM' : 'OK';
}

describe('an alarm, as CloudWatch’s guide has it', () => {
  it.each([
    ['0-X-X', 3, 'OK', 'OK'],
    ['0----', 3, 'OK', 'OK'],
    ['-----', 3, 'ALARM', 'OK'],
    ['0XX-X', 3, 'ALARM', 'ALARM'],
    ['----X', 3, 'ALARM', 'OK'],
    ['0-X-X', 2, 'ALARM', 'ALARM'],
    ['00X0X', 2, 'ALARM', 'ALARM'],
    ['0-X--', 2, 'ALARM', 'OK'],
    ['----0', 2, 'ALARM', 'OK'],
    ['----X', 2, 'ALARM', 'OK'],
  ])('of %s with %i of 3 is %s where missing is bad, and %s where it is good', (points, most, bad, good) => {
    expect(stateOf(points, most, 'breaching')).toBe(bad);
    expect(stateOf(points, most, 'notBreaching')).toBe(good);
  });

  it.each([
    ['GreaterThanThreshold', false, true],
    ['GreaterThanOrEqualToThreshold', true, true],
    ['LessThanThreshold', false, false],
    ['LessThanOrEqualToThreshold', true, false],
  ])('by %s rings at the threshold: %s, above it: %s', (ComparisonOperator, at, above) => {
    const rule = { ComparisonOperator, Threshold: 1, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' };
    expect([isBreached(rule, [1]), isBreached(rule, [2])]).toEqual([at, above]);
  });

  it('of a kind that is not known here is told so', () => {
    expect(() => stateOf('0', 3, 'ignore')).toThrow('ignore is not known here');
  });
});
