import * as z from 'zod';
import { LAMBDA_ENVIRONMENT_BYTES } from '../aws-limits.ts';
import { parseReference } from '../references.ts';
import { fieldNotes } from './field-notes.ts';

/** The user's part of a function's environment; the rest of Lambda's 4 KB is the runtime's own. */
export const USER_ENVIRONMENT_BYTES = LAMBDA_ENVIRONMENT_BYTES - 1024;

/**
 * Lambda measures the whole as one text of JSON, as its refusal shows ("String measured: …"):
 * https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594
 * The runtime's own variables take less than the rest of 4 KB, whatever the record.
 */
export const USER_ENVIRONMENT_JSON_BYTES = LAMBDA_ENVIRONMENT_BYTES - 896;

// Names start with a letter and have at least two characters; those that Lambda sets itself are refused by
// it (beyond AWS_* the two LAMBDA_ ones; the others start with an underscore):
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const RESERVED_NAME = /^(?:SLUICE_|AWS_|LAMBDA_TASK_ROOT$|LAMBDA_RUNTIME_DIR$)/;
const NAME = /^(?!SLUICE_|AWS_|LAMBDA_TASK_ROOT$|LAMBDA_RUNTIME_DIR$)[A-Za-z][A-Za-z0-9_]+$/;

const variableName = z
  .string()
  .regex(NAME)
  .register(fieldNotes, {
    title: 'Name',
    description: 'Name of a variable.',
    allowed:
      'a name of 2 or more letters, digits and underscores that starts with a letter and is not reserved',
    hint: 'rename the variable',
    hintFor: (given) =>
      typeof given === 'string' && RESERVED_NAME.test(given)
        ? 'names that start with SLUICE_ or AWS_, LAMBDA_TASK_ROOT and LAMBDA_RUNTIME_DIR are set for you: rename it'
        : undefined,
  });

// Letters, digits and `_.-` in up to 15 levels, 1,011 characters in all:
// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html
const PARAMETER = /^(?=.{1,1011}$)(?:\/[A-Za-z0-9_.-]+){1,15}$/;

// A name of 1–512 letters, digits and `/_+=.@-`, or an ARN that ends in one:
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
const SECRET = /^(?:arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[A-Za-z0-9/_+=.@-]{1,512}$/;

/** Refuses what starts like a reference and cannot be one: it would fail at every cold start. */
function isPlainOrReference(text: string): boolean {
  const reference = parseReference(text);
  if (reference === undefined) return !/^(?:ssm|secret):/.test(text);
  return reference.kind === 'parameter' ? PARAMETER.test(reference.path) : SECRET.test(reference.id);
}

const variableValue = z
  .string()
  .refine(isPlainOrReference)
  .register(fieldNotes, {
    title: 'Value',
    description: 'Text, `ssm:/path/of/parameter` or `secret:name`.',
    allowed: 'text, ssm:/path/of/parameter or secret:name',
    hint: 'give text',
    hintFor: (given) =>
      typeof given === 'string'
        ? 'write ssm: and the full path with its leading slash (up to 15 levels of letters, digits and _.-), or secret: and the name (letters, digits and /_+=.@-) or ARN'
        : undefined,
    secret: true,
  });

/** Variables of the consumer. */
export const environmentField = z.record(variableName, variableValue).register(fieldNotes, {
  title: 'Environment',
  description:
    'Variables of the consumer, names and values together at most 3 KB in UTF-8. A value `ssm:/…` (Parameter Store) or `secret:…` (Secrets Manager) is looked up at cold start; the stage says which it may name, by default `/sluice/<stage>/…` and `sluice/<stage>/…`.',
  allowed: 'a map of names to text',
  hint: 'give a map, for example {"LOG_LEVEL": "debug"}',
  secret: true,
});

const utf8 = new TextEncoder();

/** Bytes of all names and texts. Values that are no text count nothing. */
export function environmentBytes(environment: Readonly<Record<string, unknown>>): number {
  return Object.entries(environment).reduce(
    (sum, [name, value]) => sum + utf8Bytes(name) + (typeof value === 'string' ? utf8Bytes(value) : 0),
    0,
  );
}

/** Bytes that all names and texts add to the JSON that Lambda measures. Values that are no text count nothing. */
export function environmentJsonBytes(environment: Readonly<Record<string, unknown>>): number {
  const texts = Object.entries(environment).filter(([, value]) => typeof value === 'string');
  return texts.reduce((sum, entry) => sum + utf8Bytes(JSON.stringify(entry)) - '[]'.length + ','.length, 0);
}

/** Length of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  return utf8.encode(text).length;
}
