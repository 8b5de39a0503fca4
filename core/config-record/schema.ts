import * as z from 'zod';
import {
  LAMBDA_MEMORY_MAX_MB,
  LAMBDA_MEMORY_MIN_MB,
  LAMBDA_TIMEOUT_MAX_SECONDS,
  MAPPING_BATCH_MAX,
  MAPPING_CONCURRENCY_MAX,
  MAPPING_WINDOW_MAX_SECONDS,
  S3_KEY_BYTES,
  S3_VERSION_ID_BYTES,
  SQS_RECEIVE_COUNT_MAX,
  SQS_RETENTION_MAX_SECONDS,
  SQS_RETENTION_MIN_SECONDS,
  SQS_VISIBILITY_MAX_SECONDS,
} from '../aws-limits.ts';
import { PIPELINE_ID_PATTERN } from '../names.ts';
import { breakerField } from './breaker.ts';
import { environmentField, utf8Bytes } from './environment.ts';
import { fieldNotes, integer } from './field-notes.ts';
import { idempotencyField } from './idempotency.ts';
import { rateLimitField } from './rate-limit.ts';
import { spreadField } from './spread.ts';

// DynamoDB reads a TTL as seconds since 1970. Less than this is a duration, more are milliseconds.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
const EARLIEST_EXPIRY = 1_000_000_000;
const LATEST_EXPIRY = 9_999_999_999;

/**
 * A config record, field by field: everything known about a field stands here and nowhere else. Types,
 * checks, defaults, the JSON Schema and docs/configuration.md are made from it. Rules between fields are
 * in cross-field-rules.ts, so parse records with `parseConfigRecord`, not with this.
 */
export const configRecordSchema = z.strictObject({
  pipelineId: z
    .string()
    .regex(PIPELINE_ID_PATTERN)
    .register(fieldNotes, {
      title: 'Pipeline id',
      description: 'The task group: a customer, a website, a tenant, whatever has a limit of its own.',
      allowed: '1 to 40 letters, digits, - and _, starting with a letter or digit and not ending in -dlq',
      hint: 'choose another id: it becomes part of the names of the queue and the function',
      hintFor: (given) =>
        typeof given === 'string' && given.endsWith('-dlq')
          ? 'drop -dlq from its end: that is how dead-letter queues are named'
          : undefined,
    }),

  concurrency: integer(1, MAPPING_CONCURRENCY_MAX, {
    title: 'Concurrency',
    unit: 'tasks',
    description: 'Tasks running at once. A batch counts as one: its tasks run one after another.',
    hint: 'for more than 1000 at once use several pipelines; to stop a pipeline set paused to true',
    defaultText:
      'from `rateLimit`: starts per second × measured seconds of a task (1 until measured) × 1.2, at least 2; without one, 2',
  }).optional(),

  rateLimit: rateLimitField.optional(),

  batchSize: integer(1, MAPPING_BATCH_MAX, {
    title: 'Batch size',
    unit: 'tasks',
    description: 'Most tasks handed to the consumer in one call.',
    hint: 'use 1 to handle tasks one by one',
  }).default(1),

  batchWindowSeconds: integer(0, MAPPING_WINDOW_MAX_SECONDS, {
    title: 'Batch window',
    unit: 'seconds',
    description: 'How long a batch may wait to fill up.',
    hint: 'use 0 to hand tasks over as they come',
  }).default(0),

  timeoutSeconds: integer(1, LAMBDA_TIMEOUT_MAX_SECONDS, {
    title: 'Timeout',
    unit: 'seconds',
    description: 'Longest run of the consumer for one batch.',
    hint: 'Lambda ends every call after 900 s: split longer tasks',
  }).default(30),

  memoryMb: integer(LAMBDA_MEMORY_MIN_MB, LAMBDA_MEMORY_MAX_MB, {
    title: 'Memory',
    unit: 'MB',
    description: 'Memory of the consumer; its processor share grows with it.',
    hint: 'give megabytes: 1 GB is 1024',
  }).default(256),

  environment: environmentField.default(() => ({})),

  visibilityTimeoutSeconds: integer(1, SQS_VISIBILITY_MAX_SECONDS, {
    title: 'Visibility timeout',
    unit: 'seconds',
    description: 'How long a received task stays hidden before it is handed out again.',
    hint: 'leave it out: the default follows timeoutSeconds',
    defaultText: '6 × `timeoutSeconds` + `batchWindowSeconds`, at most 43200',
  }).optional(),

  maxAttempts: integer(1, 100, {
    title: 'Attempts',
    unit: 'attempts',
    description:
      'Attempts before a task goes to the dead-letter queue, counted by the consumer runtime: receives that started the task. Also sets the default of `maxReceiveCount`.',
    hint: 'use 1 for no second attempt',
  }).default(5),

  maxReceiveCount: integer(1, SQS_RECEIVE_COUNT_MAX, {
    title: 'Receive count',
    unit: 'receives',
    description:
      "Receives before SQS itself moves a task to the dead-letter queue: the queue's own backstop, and all that a handler without the runtime has.",
    hint: 'leave it out: the default leaves room for receives that were no attempt',
    defaultText: '10 × `maxAttempts`, at most 1000',
  }).optional(),

  messageRetentionSeconds: integer(SQS_RETENTION_MIN_SECONDS, SQS_RETENTION_MAX_SECONDS, {
    title: 'Retention',
    unit: 'seconds',
    description: 'How long SQS keeps an unfinished task. The dead-letter queue always keeps 14 days.',
    hint: 'SQS keeps messages from 1 minute to 14 days',
  }).default(SQS_RETENTION_MAX_SECONDS),

  breaker: breakerField.optional(),

  idempotency: idempotencyField.optional(),

  maxBacklog: integer(1, undefined, {
    title: 'Largest backlog',
    unit: 'tasks',
    description: 'The trigger refuses a burst that would leave more tasks waiting, and says when to retry.',
    hint: 'leave it out for no limit',
  }).optional(),

  paused: z
    .boolean()
    .register(fieldNotes, {
      title: 'Paused',
      description: 'The queue goes on accepting tasks while the consumer rests.',
      hint: 'use true to rest the consumer, false to run it',
    })
    .default(false),

  restWhenIdleSeconds: integer(300, undefined, {
    title: 'Rest when idle',
    unit: 'seconds',
    description:
      'After this long without a task nothing polls the queue, and nothing is billed for it; the trigger and the reconciler wake it. A task sent past the trigger waits for the reconciler.',
    hint: 'use 300 or more, or leave it out to poll always',
  }).optional(),

  spread: spreadField.optional(),

  progress: z
    .boolean()
    .register(fieldNotes, {
      title: 'Progress',
      description:
        'The consumer runtime notes what becomes of each task of a burst: progress that can be watched, and repeats that do not run. Two writes a task, 1.25 USD per million.',
      hint: 'use false to have bursts of this group not counted, or leave it out',
      defaultText: '`true`',
    })
    .optional(),

  onDelete: z
    .enum(['drain', 'discard'])
    .register(fieldNotes, {
      title: 'On delete',
      description:
        'What becomes of waiting tasks when the record is deleted: `drain` finishes them or saves them to the salvage bucket, `discard` throws them away.',
      hint: 'use "drain" to keep every task',
    })
    .default('drain'),

  drainTimeoutSeconds: integer(0, 86_400, {
    title: 'Drain timeout',
    unit: 'seconds',
    description: 'How long a deleted pipeline may go on processing; what is left then is saved, not lost.',
    hint: 'use at most a day; 0 saves all waiting tasks at once',
  }).default(900),

  codeKey: z
    .string()
    .min(1)
    .regex(/^[^/]/)
    .refine((key) => utf8Bytes(key) <= S3_KEY_BYTES && key.isWellFormed())
    .register(fieldNotes, {
      title: 'Code key',
      description: 'Object in the code bucket that the consumer runs.',
      allowed: 'an S3 key of 1 to 1024 bytes that does not start with /',
      hint: 'give the key alone, without bucket or leading slash, for example "consumer.zip"',
    })
    .default('consumer.zip'),

  codeVersion: z
    .string()
    .min(1)
    .max(S3_VERSION_ID_BYTES)
    .regex(/^\S*$/)
    .register(fieldNotes, {
      title: 'Code version',
      description: 'Version id of that object. A version given here stays: rollouts pass this pipeline by.',
      allowed: 'an S3 version id of 1 to 1024 characters without spaces',
      hint: 'copy the version id from the code bucket, or leave it out to follow rollouts',
      defaultText: 'the release admitted',
    })
    .optional(),

  canary: z
    .boolean()
    .register(fieldNotes, {
      title: 'Canary',
      description:
        'A new release goes to this pipeline first. Where no pipeline that follows the key is marked, a share of all goes first.',
      hint: 'use true to let it go first, or leave it out',
      defaultText: '`false`',
    })
    .optional(),

  expiresAt: integer(EARLIEST_EXPIRY, LATEST_EXPIRY, {
    title: 'Expires at',
    unit: 'seconds since 1970',
    description: 'From then on the group goes by itself, as if its record had been deleted.',
    allowed: 'a time in whole seconds since 1970, in 10 digits',
    hint: 'give a point in time in seconds, for example 1893456000',
    hintFor: expiryHint,
  }).optional(),
});

function expiryHint(given: unknown): string | undefined {
  if (typeof given !== 'number') return undefined;
  if (given > LATEST_EXPIRY && given / 1000 <= LATEST_EXPIRY) {
    return `this looks like milliseconds: give ${Math.floor(given / 1000)}`;
  }
  if (given < EARLIEST_EXPIRY) return 'give a point in time, not a duration: seconds since 1970';
  return undefined;
}

/** A config record with its plain defaults filled in; those worked out from other fields are in `Wanted`. */
export type ConfigRecord = z.output<typeof configRecordSchema>;

/** The names of all fields that a config record may have. */
export const CONFIG_FIELDS: readonly string[] = Object.keys(configRecordSchema.shape);
