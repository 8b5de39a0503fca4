import * as z from 'zod';
import { SQS_RETENTION_MAX_SECONDS } from './aws-limits.ts';
import { fieldNotes, integer } from './config-record/field-notes.ts';
import { fieldProblems, unknownFields } from './config-record/field-problems.ts';
import { describeGiven, isMap } from './config-record/given.ts';
import { configRecordSchema } from './config-record/schema.ts';
import { parseSpread, type Spread } from './config-record.ts';
import { type Problem, problemMessage } from './problems.ts';
import { Refused } from './refused.ts';

/** Most tasks of one burst: what one call can send well within its 15 minutes. */
export const MOST_TASKS = 100_000;

/** Tasks as they were given, or documents by number. */
export type Tasks =
  | { readonly kind: 'listed'; readonly tasks: readonly unknown[] }
  | { readonly kind: 'numbered'; readonly count: number };

/** A burst as it was handed over. */
export interface Burst {
  readonly pipelineId: string;
  readonly tasks: Tasks;
  /** Absent: the record's own. */
  readonly spread?: Spread;
  readonly burstId?: string;
}

const fields = {
  pipelineId: configRecordSchema.shape.pipelineId,
  tasks: z
    .array(z.unknown())
    .max(MOST_TASKS)
    .register(fieldNotes, {
      title: 'Tasks',
      description: 'The tasks, each any JSON value.',
      allowed: `a list of at most ${MOST_TASKS} tasks`,
      hint: 'give a list, and several bursts for more',
    })
    .optional(),
  count: integer(1, MOST_TASKS, {
    title: 'Count',
    unit: 'tasks',
    description: 'Sends the tasks {"document": 1} to {"document": count}.',
    hint: 'give several bursts for more',
  }).optional(),
  burstId: z
    .string()
    .regex(/^[\x20-\x7e]{1,128}$/)
    .register(fieldNotes, {
      title: 'Burst id',
      description: 'Marks the tasks of this burst.',
      allowed: '1 to 128 printable ASCII characters',
      hint: 'leave it out to have one made',
    })
    .optional(),
};

const KNOWN = ['pipelineId', 'tasks', 'count', 'spread', 'burstId'];

/**
 * Reads what the trigger is given.
 * @throws {Refused} `InvalidInput`, with everything that is wrong
 */
export function parseBurst(raw: unknown): Burst {
  if (!isMap(raw)) throw invalidInput([notAMap(raw)]);
  const problems = [
    ...unknownFields(
      Object.keys(raw).filter((key) => !KNOWN.includes(key)),
      raw,
      [],
      KNOWN,
    ).map(sayNotYet),
    ...Object.entries(fields).flatMap(([field, schema]) =>
      schema.safeParse(raw[field]).success ? [] : fieldProblems(schema, raw[field], [field]),
    ),
    ...eitherOr(raw),
  ];
  // Judged by the longest retention; the pipeline's own is known only once its status is read.
  const spread = raw.spread === undefined ? undefined : parseSpread(raw.spread, SQS_RETENTION_MAX_SECONDS);
  if (spread?.kind === 'invalid') problems.push(...spread.problems);
  if (problems.length > 0) throw invalidInput(problems);
  return {
    pipelineId: raw.pipelineId as string,
    tasks: Array.isArray(raw.tasks)
      ? { kind: 'listed', tasks: raw.tasks }
      : { kind: 'numbered', count: raw.count as number },
    ...(spread?.kind === 'valid' ? { spread: spread.spread } : {}),
    ...(raw.burstId === undefined ? {} : { burstId: raw.burstId as string }),
  };
}

/** One error that says all of it. */
export function invalidInput(problems: readonly Problem[]): Refused {
  return new Refused('InvalidInput', `the input is wrong: ${problems.map(problemMessage).join('; ')}`);
}

export function notAMap(raw: unknown): Problem {
  return {
    path: 'input',
    code: 'WrongType',
    allowed: 'a map of fields',
    given: describeGiven(raw, true),
    hint: 'give a map with at least a pipelineId',
  };
}

function eitherOr(raw: Readonly<Record<string, unknown>>): Problem[] {
  const both = raw.tasks !== undefined && raw.count !== undefined;
  const none = raw.tasks === undefined && raw.count === undefined;
  if (!both && !none) return [];
  return [
    {
      path: 'tasks',
      code: both ? 'Conflict' : 'Missing',
      allowed: both ? 'left out where count is given' : `a list of tasks, where no count is given`,
      given: describeGiven(raw.tasks, true),
      hint: 'give tasks or count',
    },
  ];
}

/** A field of the contract that this version does not take. */
function sayNotYet(problem: Problem): Problem {
  return problem.path === 'source'
    ? { ...problem, hint: 'tasks from an object are not supported yet: give tasks or count' }
    : problem;
}
