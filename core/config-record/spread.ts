import * as z from 'zod';
import { MAPPING_CONCURRENCY_MAX, SQS_MAX_DELAY_SECONDS } from '../aws-limits.ts';
import { fieldNotes, integer } from './field-notes.ts';

/** SQS holds a task back 900 s at most, so longer spreads go out in slices. */
const LONGEST = 86_400;
const longestHint = 'give whole seconds, a day at most; hand over longer work in several bursts';

const window = z.strictObject({
  minSeconds: integer(0, LONGEST, {
    title: 'Shortest delay',
    unit: 'seconds',
    description: 'No task of the burst arrives sooner.',
    hint: longestHint,
  }),
  maxSeconds: integer(0, LONGEST, {
    title: 'Longest delay',
    unit: 'seconds',
    description: 'Every task of the burst has arrived by then.',
    hint: longestHint,
  }),
});

const concurrencyGoal = z.strictObject({
  maxConcurrency: integer(1, MAPPING_CONCURRENCY_MAX, {
    title: 'Peak',
    unit: 'tasks',
    description: 'Delays are chosen so that no more tasks than this run at once.',
    hint: 'give how many tasks of a burst may run at once',
  }),
});

const finishGoal = z.strictObject({
  finishWithinSeconds: integer(1, LONGEST, {
    title: 'Finish within',
    unit: 'seconds',
    description: 'The burst is spread as evenly as this time allows.',
    hint: longestHint,
  }),
});

/** How a burst's tasks are spread over time: exactly one of three ways. */
export const spreadField = z.union([window, concurrencyGoal, finishGoal]).register(fieldNotes, {
  title: 'Spread',
  description: 'How bursts of this group are spread over time, unless a burst says otherwise.',
  allowed: 'exactly one of {minSeconds, maxSeconds}, {maxConcurrency} or {finishWithinSeconds}',
  hint: 'keep one way; leave spread out to hand a burst over at once',
});

export type Spread = z.output<typeof spreadField>;

/** The longest delay that a spread gives a message, as far as it names one. */
export function longestDelaySeconds(spread: Spread): number {
  return Math.min(SQS_MAX_DELAY_SECONDS, longestOf(spread));
}

function longestOf(spread: Spread): number {
  if ('maxSeconds' in spread) return spread.maxSeconds;
  return 'finishWithinSeconds' in spread ? spread.finishWithinSeconds : 0;
}
