import * as z from 'zod';
import { fieldNotes, integer } from './field-notes.ts';

/** A consumer's environment holds it, and that is small. */
export const LONGEST_KEY = 128;

// Names of a task's fields, the outer first. Without quotes, dots or `$` in them: what other tools take for a path
// (`$.order.id`, `order["id"]`) would name no field here, and every task would be without a key.
const KEY = /^(?:\$|[A-Za-z0-9_@:-]+(?:\.[A-Za-z0-9_@:-]+)*)$/;

/** Tasks of the same key are done once. */
export const idempotencyField = z
  .strictObject({
    key: z
      .string()
      .max(LONGEST_KEY)
      .regex(KEY)
      .register(fieldNotes, {
        title: 'Key',
        description:
          'The field of the task that tells it from others, as a path such as `order.id`; `$` for the whole task.',
        allowed: `a path of up to ${LONGEST_KEY} letters, digits, _, -, : and @ with dots between, or $`,
        hint: 'name a field of the task, for example "order.id", or "$" for all of it',
        hintFor: (given) =>
          typeof given === 'string' && given.startsWith('$.')
            ? `leave the $ out: "${given.slice(2, 2 + LONGEST_KEY)}"`
            : undefined,
      }),
    seconds: integer(1, 2_592_000, {
      title: 'Seconds',
      unit: 'seconds',
      description: 'For so long after a task is done another one of its key is not started but done with.',
      hint: 'give how late a duplicate may come; 30 days are 2592000',
    }),
  })
  .register(fieldNotes, {
    title: 'Idempotency',
    description:
      'SQS may deliver a task twice, and so may whoever sends it. With this, tasks of the same key are done once. Left out, a duplicate runs again.',
    allowed: 'a map {key, seconds}',
    hint: 'give both, for example {"key": "order.id", "seconds": 86400}; leave it out if a second run does no harm',
  });
