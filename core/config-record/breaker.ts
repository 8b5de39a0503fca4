import * as z from 'zod';
import type { BreakerSettings } from '../flow/breaker.ts';
import { startsPerSecond } from '../flow/pace.ts';
import { fieldNotes, integer, number } from './field-notes.ts';
import type { RateLimit } from './rate-limit.ts';

/** A breaker is never open longer than so many times `openSeconds`: probes that fail double it, up to ten, and chance adds. */
export const LONGEST_OPEN = 11;

const WINDOW_SECONDS = 60;
const LONGEST_WINDOW_SECONDS = 3600;
const MIN_TASKS = 20;

/** When the group stops trying, for the other side is in trouble; an empty map is the preset. */
export const breakerField = z
  .strictObject({
    failureShare: number(0.01, 1, {
      title: 'Failure share',
      unit: 'share',
      description: 'It opens when at least this share of the tasks of a window failed, …',
      hint: 'give a share, for example 0.5 for every second task',
    }).default(0.5),
    windowSeconds: integer(10, LONGEST_WINDOW_SECONDS, {
      title: 'Window',
      unit: 'seconds',
      description: 'How long the window is.',
      hint: 'give whole seconds, from 10 to an hour',
      defaultText: `${WINDOW_SECONDS}, or as long as \`rateLimit\` takes for \`minTasks\``,
    }).optional(),
    minTasks: integer(1, 100_000, {
      title: 'Least tasks',
      unit: 'tasks',
      description: '… if at least so many tasks of the window ended.',
      hint: 'use 20 or so: a share of few tasks says little',
      defaultText: `${MIN_TASKS}, or as many as \`rateLimit\` allows for in a window`,
    }).optional(),
    openSeconds: integer(1, 3600, {
      title: 'Open',
      unit: 'seconds',
      description:
        'How long it stays open at first; twice as long each time that too many probes fail, at most ten times as long.',
      hint: 'give the seconds after which a few tasks may try again',
    }).default(30),
    probes: integer(1, 100, {
      title: 'Probes',
      unit: 'tasks',
      description:
        'So many tasks try, no more at once. Once `failureShare` of them failed it opens again; once that cannot come any more, all may start.',
      hint: 'use 3 or so: they find out whether the trouble is over',
    }).default(3),
    force: z
      .enum(['open', 'closed'])
      .register(fieldNotes, {
        title: 'Force',
        description: 'Whatever the tasks say: `open` holds the group, `closed` lets it run.',
        hint: 'leave it out to let the tasks decide',
      })
      .optional(),
  })
  .register(fieldNotes, {
    title: 'Breaker',
    description:
      'While most tasks fail, the group waits instead of making dead letters: tasks stay in the queue and no attempt is spent; then a few probe whether the trouble is over. `{}` is the preset; left out, there is none.',
    allowed:
      'a map of {failureShare, windowSeconds, minTasks, openSeconds, probes, force}, each of them optional',
    hint: 'use {} for the preset, or leave it out for no breaker',
  });

type GivenBreaker = z.output<typeof breakerField>;

/** Fills in a window and a least number of tasks that go with the rate limits: others would never open it. */
export function resolveBreaker(
  { windowSeconds, minTasks, force, ...given }: GivenBreaker,
  rateLimits: readonly RateLimit[],
): BreakerSettings {
  const enoughSeconds = Math.ceil((minTasks ?? MIN_TASKS) / sureTasks(1, rateLimits) - ROUNDING);
  const seconds = windowSeconds ?? Math.min(LONGEST_WINDOW_SECONDS, Math.max(WINDOW_SECONDS, enoughSeconds));
  return {
    ...given,
    windowSeconds: seconds,
    minTasks: minTasks ?? Math.min(MIN_TASKS, mostMinTasks(seconds, rateLimits)),
    ...(force !== undefined && { force }),
  };
}

/** The most tasks of a window that a breaker can be made to wait for. */
export function mostMinTasks(windowSeconds: number, rateLimits: readonly RateLimit[]): number {
  return Math.max(1, Math.floor(sureTasks(windowSeconds, rateLimits) + ROUNDING));
}

/** Starts are a little slower than their limit, and of a window's first part a piece is gone already. */
const SURE_SHARE = 0.8;
/** A billionth of a task is rounding. */
const ROUNDING = 1e-9;

function sureTasks(seconds: number, rateLimits: readonly RateLimit[]): number {
  return SURE_SHARE * seconds * startsPerSecond(rateLimits);
}
