import * as z from 'zod';
import { S3_KEY_BYTES, SQS_RETENTION_MAX_SECONDS } from '../aws-limits.ts';
import { fieldNotes, integer } from '../config-record/field-notes.ts';
import { describeGiven } from '../config-record/given.ts';
import { configRecordSchema } from '../config-record/schema.ts';
import { parseSpread, type Spread } from '../config-record.ts';
import { type GivenMap, givenMap, inputProblems, invalidInput } from '../invalid-input.ts';
import type { Problem } from '../problems.ts';
import { MOST_LISTED_TASKS, MOST_TASKS } from './limits.ts';

/** Tasks as they were given, documents by number, or lines of an object. */
export type Tasks =
  | { readonly kind: 'listed'; readonly tasks: readonly unknown[] }
  | { readonly kind: 'numbered'; readonly count: number }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string };

/** A burst as it was handed over. */
export interface Burst {
  readonly pipelineId: string;
  readonly tasks: Tasks;
  /** Absent: the record's own. */
  readonly spread?: Spread;
  readonly burstId?: string;
}

const sourceField = z
  .strictObject({
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .register(fieldNotes, {
        title: 'Bucket',
        description: 'One of the stage’s `sourceBuckets`, or its own bucket of bursts.',
        allowed: 'the name of an S3 bucket',
        hint: 'give the name alone, without s3:// and without the key',
      }),
    key: z
      .string()
      .min(1)
      .refine((key) => Buffer.byteLength(key) <= S3_KEY_BYTES)
      .register(fieldNotes, {
        title: 'Key',
        description: 'An object of JSON Lines: a task each.',
        allowed: `the key of an S3 object, 1 to ${S3_KEY_BYTES} bytes`,
        hint: 'give the key as S3 lists it, not as an S3 event encodes it',
      }),
  })
  .register(fieldNotes, {
    title: 'Source',
    description: 'The tasks, a line of JSON each, in an object of S3.',
    allowed: 'a map {bucket, key}',
    hint: 'give {"bucket": "…", "key": "…"}',
  });

const fields = {
  pipelineId: configRecordSchema.shape.pipelineId,
  tasks: z
    .array(z.unknown())
    .max(MOST_LISTED_TASKS)
    .register(fieldNotes, {
      title: 'Tasks',
      description: 'The tasks, each any JSON value.',
      allowed: `a list of at most ${MOST_LISTED_TASKS} tasks`,
      hint: 'give a list; for more, put them in an object of JSON Lines and give its source',
    })
    .optional(),
  count: integer(1, MOST_TASKS, {
    title: 'Count',
    unit: 'tasks',
    description: 'Sends the tasks {"document": 1} to {"document": count}.',
    hint: 'give several bursts for more',
  }).optional(),
  source: sourceField.optional(),
  burstId: z
    .string()
    // Parts of a burst are kept under its id, a # and what they are.
    .regex(/^[\x20-\x22\x24-\x7e]{1,128}$/)
    .register(fieldNotes, {
      title: 'Burst id',
      description:
        'Marks the tasks of this burst. Given again with the same tasks, it goes on with the burst.',
      allowed: '1 to 128 printable ASCII characters without #',
      hint: 'leave it out to have one made',
    })
    .optional(),
};

const KNOWN = ['pipelineId', 'tasks', 'count', 'source', 'spread', 'burstId'];
const WAYS = ['tasks', 'count', 'source'] as const;

/**
 * Reads what the trigger is given.
 * @throws {Refused} `InvalidInput`, with everything that is wrong
 */
export function parseBurst(input: unknown): Burst {
  const raw = givenMap(input, 'pipelineId');
  const problems = [...inputProblems(raw, fields, KNOWN), ...oneWay(raw)];
  // Judged by the longest retention; the pipeline's own is known only once its status is read.
  const spread = raw.spread === undefined ? undefined : parseSpread(raw.spread, SQS_RETENTION_MAX_SECONDS);
  if (spread?.kind === 'invalid') problems.push(...spread.problems);
  if (problems.length > 0) throw invalidInput(problems);
  return {
    pipelineId: raw.pipelineId as string,
    tasks: tasksOf(raw),
    ...(spread?.kind === 'valid' ? { spread: spread.spread } : {}),
    ...(raw.burstId === undefined ? {} : { burstId: raw.burstId as string }),
  };
}

/** @param raw is what it should be */
function tasksOf(raw: GivenMap): Tasks {
  if (Array.isArray(raw.tasks)) return { kind: 'listed', tasks: raw.tasks };
  if (raw.count !== undefined) return { kind: 'numbered', count: raw.count as number };
  return { kind: 'object', ...sourceField.parse(raw.source) };
}

function oneWay(raw: GivenMap): Problem[] {
  const given = WAYS.filter((way) => raw[way] !== undefined);
  if (given.length === 1) return [];
  const [first = 'tasks'] = given;
  const others = WAYS.filter((way) => way !== first).join(' or ');
  return [
    {
      path: first,
      code: given.length > 1 ? 'Conflict' : 'Missing',
      allowed:
        given.length > 1
          ? `left out where ${given[1]} is given`
          : `a list of tasks, where no ${others} is given`,
      given: describeGiven(raw[first], true),
      hint: 'give one of tasks, count or source',
    },
  ];
}
