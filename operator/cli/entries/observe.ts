import type { CommandEntry } from '../command.ts';
import { seconds } from '../read-options.ts';
import { JSON_OPTION } from './options.ts';

const follow = { flags: '-f, --follow', about: 'go on until Ctrl-C' };
const json = { ...JSON_OPTION, about: 'a line of JSON each, for programs' };

/** Commands that tell what happened, in the order in which help shows them. */
export const OBSERVING_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'logs',
    arguments: [{ name: '<id>', about: 'the pipeline' }],
    group: 'Stage',
    summary: 'Show what the consumers of a pipeline have written.',
    options: [
      { flags: '--since <span>', about: 'how far back (90s, 10m, 2h), 10m else', parse: seconds },
      follow,
      json,
    ],
    examples: [
      { call: 'sluice logs customer-a --since 2h', about: 'the last two hours' },
      { call: 'sluice logs customer-a --follow', about: 'as they are written' },
    ],
    load: () => import('../commands/logs.ts'),
  },
  {
    name: 'events',
    arguments: [{ name: '[id]', about: 'one pipeline; else the whole stage' }],
    group: 'Stage',
    summary: 'Show what the system did, why, and what each change has changed.',
    options: [
      { flags: '--since <span>', about: 'how far back (90s, 10m, 2h), 1h else', parse: seconds },
      follow,
      json,
    ],
    examples: [
      { call: 'sluice events', about: 'of the last hour' },
      { call: 'sluice events customer-a --follow', about: 'of one pipeline, as they happen' },
    ],
    load: () => import('../commands/events.ts'),
  },
];
