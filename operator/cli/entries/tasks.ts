import type { CommandEntry } from '../command.ts';

/** Commands for tasks and bursts of them. */
export const TASK_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'watch',
    arguments: [{ name: '[burstId]', about: 'one burst; else all that are open' }],
    group: 'Tasks',
    summary: 'Show how a burst is getting on until it has ended; without an id, all that are open.',
    options: [{ flags: '--json', about: 'a line of JSON each second on standard output, for programs' }],
    examples: [
      { call: 'sluice watch', about: 'every burst that is open' },
      { call: 'sluice watch nightly-2026-11-21 --stage prod', about: 'one, on AWS' },
    ],
    load: () => import('../commands/watch.ts'),
  },
];
