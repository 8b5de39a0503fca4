/** The part of IAM that a stack's own policies are judged by; enough to say what a role may do, and no more. */

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Request {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that AWS would fill in for this call. */
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Whether statements allow a call: one allows it and none denies it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function allows(statements: readonly Statement[], request: Request): boolean {
  const matching = statements.filter((statement) => matches(statement, request));
  return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
}

/** Whether a statement is about a call. */
export function matches(statement: Statement, request: Request): boolean {
  return (
    list(statement.Action).some((pattern) => like(pattern.toLowerCase(), request.action.toLowerCase())) &&
    list(statement.Resource).some((pattern) => like(pattern, request.resource)) &&
    conditionsHold(statement, request)
  );
}

function conditionsHold({ Condition = {} }: Statement, { context = {} }: Request): boolean {
  return Object.entries(Condition).every(([operator, tests]) =>
    Object.entries(tests).every(([key, wanted]) => {
      const given = context[key];
      return given !== undefined && list(wanted).some((one) => compare(operator, one, given));
    }),
  );
}

function compare(operator: string, wanted: string, given: string): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'Bool':
      return wanted === given;
    case 'StringLike':
    case 'ArnLike':
    case 'ArnEquals':
      return like(wanted, given);
    default:
      throw new Error(`${operator} is not known here: teach this file what it means`);
  }
}

export function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

/** `*` is any number of characters, `?` is one. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
