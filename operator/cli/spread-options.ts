import type { Spread } from '../../core/config-record.ts';
import type { CommandOption } from './command.ts';
import { CommandFault, EXIT } from './exit-codes.ts';
import { integer, seconds, window } from './read-options.ts';

/** How a burst is to be spread, as options say it: at most one of them. */
export interface SpreadChoice {
  readonly spread?: { readonly minSeconds: number; readonly maxSeconds: number };
  readonly maxConcurrency?: number;
  readonly finishWithin?: number;
}

export const SPREAD_OPTIONS: readonly CommandOption[] = [
  {
    flags: '--spread <from..to>',
    about: 'tasks become due evenly over these seconds, for example 10..100',
    parse: window,
  },
  {
    flags: '--max-concurrency <tasks>',
    about: 'no more of them run at once; over as soon as that allows',
    parse: integer(1),
  },
  {
    flags: '--finish-within <span>',
    about: 'over by then (90s, 10m, 2h), with as low a peak as that allows',
    parse: seconds,
  },
];

/**
 * @returns undefined where none is given
 * @throws {CommandFault} for more than one
 */
export function spreadOf({ spread, maxConcurrency, finishWithin }: SpreadChoice): Spread | undefined {
  const given: Spread[] = [
    ...(spread === undefined ? [] : [spread]),
    ...(maxConcurrency === undefined ? [] : [{ maxConcurrency }]),
    ...(finishWithin === undefined ? [] : [{ finishWithinSeconds: Math.ceil(finishWithin) }]),
  ];
  if (given.length <= 1) return given[0];
  throw new CommandFault(
    EXIT.usage,
    'a burst is spread one way: give one of --spread, --max-concurrency and --finish-within',
  );
}
