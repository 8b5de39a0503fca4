/** A value for each period, the oldest first; undefined where nothing was told. */
export type Series = readonly (number | undefined)[];

/**
 * What arithmetic makes of a period in which one side says nothing. CloudWatch's guide takes it for 0; where a metric
 * has never been told, there is no result at all: an alarm has to be right either way.
 */
export type Missing = 'zero' | 'dropped';

interface List {
  readonly all: readonly Series[];
}
type Value = number | Series | List;
type Metrics = Readonly<Record<string, Series>>;

/**
 * The series that an expression of CloudWatch's metric math gives, as far as alarms of this project use it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws {SyntaxError} for what is not known here
 */
export function evaluateMath(expression: string, metrics: Metrics, missing: Missing = 'zero'): Series {
  const value = createParser(expression, metrics, missing).parse();
  if (!isSeries(value)) throw new SyntaxError(`${expression} is no single series, which an alarm needs`);
  return value;
}

const isSeries = (value: Value): value is Series => Array.isArray(value);

type Operator = (a: number, b: number) => number;
const ARITHMETIC: Readonly<Record<string, Operator>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};
const LOGICAL: Readonly<Record<string, Operator>> = {
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};
/** The weakest first. */
const LEVELS = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
];
const TOKEN = /\s*(\d+(?:\.\d+)?|[A-Za-z_]\w*|==|!=|<=|>=|&&|\|\||[-+*/<>()[\],])/y;

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (const end = expression.trimEnd().length; TOKEN.lastIndex < end; ) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(expression)?.[1];
    if (token === undefined) throw new SyntaxError(`${expression} is not understood from ${at} on`);
    tokens.push(token);
  }
  return tokens;
}

function createParser(expression: string, metrics: Metrics, missing: Missing) {
  const tokens = tokensOf(expression);
  let at = 0;
  const accept = (...some: readonly string[]) => (some.includes(tokens[at] ?? '') ? tokens[at++] : undefined);
  const expect = (token: string) => {
    if (accept(token) === undefined) throw new SyntaxError(`${expression} wants ${token} at token ${at + 1}`);
  };

  function binary(level: number): Value {
    const operators = LEVELS[level];
    if (operators === undefined) return unary();
    let value = binary(level + 1);
    for (let operator = accept(...operators); operator !== undefined; operator = accept(...operators)) {
      value = combine(operator, value, binary(level + 1), missing);
    }
    return value;
  }
  function unary(): Value {
    return accept('-') === undefined ? primary() : combine('*', -1, unary(), missing);
  }
  function primary(): Value {
    if (accept('(') !== undefined) {
      const value = binary(0);
      expect(')');
      return value;
    }
    if (accept('[') !== undefined) return { all: several(']').map(oneSeries) };
    const token = tokens[at++] ?? 'the end';
    if (/^\d/.test(token)) return Number(token);
    if (accept('(') !== undefined) return call(token, several(')'), metrics);
    const series = metrics[token];
    if (series === undefined) throw new SyntaxError(`${expression} names ${token}, which it does not have`);
    return series;
  }
  function several(end: string): Value[] {
    const values: Value[] = [];
    if (accept(end) !== undefined) return values;
    do values.push(binary(0));
    while (accept(',') !== undefined);
    expect(end);
    return values;
  }
  return {
    parse(): Value {
      const value = binary(0);
      if (at < tokens.length) throw new SyntaxError(`${expression} ends before ${tokens[at]}`);
      return value;
    },
  };
}

function oneSeries(value: Value): Series {
  if (!isSeries(value)) throw new SyntaxError('a list has to be one of series');
  return value;
}

function combine(operator: string, a: Value, b: Value, missing: Missing): Value {
  if (typeof a === 'object' && 'all' in a) throw new SyntaxError(`${operator} of a list is not known here`);
  if (typeof b === 'object' && 'all' in b) throw new SyntaxError(`${operator} of a list is not known here`);
  const arithmetic = ARITHMETIC[operator];
  const apply = arithmetic ?? LOGICAL[operator];
  if (apply === undefined) throw new SyntaxError(`${operator} is not known here`);
  if (typeof a === 'number' && typeof b === 'number') return apply(a, b);
  const drops = arithmetic !== undefined && missing === 'dropped';
  return periods(a, b).map((period) => {
    const [x, y] = [pointOf(a, period), pointOf(b, period)];
    // Of nothing but missing values, and of a number alone, there is no point.
    const isTold = [a, b].some((side) => isSeries(side) && side[period] !== undefined);
    if (!isTold || (drops && (x === undefined || y === undefined))) return undefined;
    const result = apply(x ?? 0, y ?? 0);
    return Number.isFinite(result) ? result : undefined;
  });
}

function periods(...values: readonly Value[]): number[] {
  return [...Array(Math.max(...values.map((value) => (isSeries(value) ? value.length : 0)))).keys()];
}

const pointOf = (value: number | Series, period: number) =>
  typeof value === 'number' ? value : value[period];

function call(name: string, values: readonly Value[], metrics: Metrics): Value {
  const [first, second, third] = values;
  switch (name) {
    case 'METRICS':
      return { all: Object.values(metrics) };
    case 'SUM':
      return overall(first, (told) => told.reduce((sum, each) => sum + each, 0));
    case 'MAX':
      return overall(first, (told) => Math.max(...told));
    case 'FILL':
      if (first === undefined || !isSeries(first) || typeof second !== 'number') break;
      return first.map((point) => point ?? second);
    case 'IF':
      return either(first, second, third);
  }
  throw new SyntaxError(`${name} of these is not known here`);
}

/**
 * Of each period, of those that say something. Of a single series it would be one number, which depends on how many
 * periods CloudWatch happens to look at: it advises against that in alarms.
 */
function overall(list: Value | undefined, of: (told: readonly number[]) => number): Series {
  if (typeof list !== 'object' || isSeries(list)) throw new SyntaxError('an alarm takes it of lists only');
  return periods(...list.all).map((period) => {
    const told = list.all.map((series) => series[period]).filter((point) => point !== undefined);
    return told.length === 0 ? undefined : of(told);
  });
}

function either(condition?: Value, whenTrue?: Value, whenFalse?: Value): Series {
  const sides = [whenTrue, whenFalse].map((side) =>
    side === undefined ? [] : typeof side === 'number' ? side : oneSeries(side),
  );
  if (condition === undefined || !isSeries(condition)) throw new SyntaxError('IF wants a series');
  return condition.map((point, period) => {
    if (point === undefined) return undefined;
    return point === 0 ? pointOf(sides[1] ?? [], period) : (pointOf(sides[0] ?? [], period) ?? 0);
  });
}
