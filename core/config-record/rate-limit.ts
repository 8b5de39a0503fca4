import * as z from 'zod';
import { fieldNotes, integer } from './field-notes.ts';

/** More windows than this are hardly meant. */
const MOST_RATE_LIMITS = 10;

const LONGEST_WINDOW_SECONDS = 2_678_400;

const oneRateLimit = z
  .strictObject({
    tasks: integer(1, undefined, {
      title: 'Tasks per window',
      unit: 'tasks',
      description: 'Starts allowed in any window of `perSeconds`.',
      hint: 'leave rateLimit out for no limit',
    }),
    perSeconds: integer(1, LONGEST_WINDOW_SECONDS, {
      title: 'Window',
      unit: 'seconds',
      description: 'Length of the sliding window, up to 31 days.',
      hint: 'give whole seconds: 2 tasks per half a second are 4 per 1, a day is 86400',
    }),
  })
  .register(fieldNotes, {
    title: 'Rate limit',
    description: 'Starts per sliding window.',
    allowed: 'a map {tasks, perSeconds}',
    hint: 'give both, for example {"tasks": 10, "perSeconds": 1}',
  });

const manyRateLimits = z
  .array(oneRateLimit)
  .min(1)
  .max(MOST_RATE_LIMITS)
  .register(fieldNotes, {
    title: 'Rate limits',
    description: 'Several windows, all of which hold.',
    allowed: `a list of 1 to ${MOST_RATE_LIMITS} maps {tasks, perSeconds}`,
    hint: 'leave rateLimit out for no limit',
  });

/** One window or a list of them. */
export const rateLimitField = z.union([oneRateLimit, manyRateLimits]).register(fieldNotes, {
  title: 'Rate limit',
  description:
    'Starts per sliding window; of a list, all hold. Kept by the consumer runtime: [how, how exactly and at what price](limits.md). It sets the default of `concurrency`.',
  allowed: `a map {tasks, perSeconds} or a list of up to ${MOST_RATE_LIMITS} of them`,
  hint: 'for example {"tasks": 10, "perSeconds": 1}; leave it out for no limit',
});

/** At most `tasks` starts in any window of `perSeconds`. */
export type RateLimit = z.output<typeof oneRateLimit>;
