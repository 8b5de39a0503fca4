import type { CommandEntry } from '../command.ts';
import { integer } from '../read-options.ts';
import { JSON_OPTION } from './options.ts';

/** Commands for a stage as a whole. */
export const STAGE_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'plan',
    arguments: [],
    group: 'Stage',
    summary: 'Reckon what all pipelines ask of the account, and what they cost.',
    options: [
      {
        flags: '--tasks-per-month <count>',
        about: 'what so many tasks cost, spread evenly',
        parse: integer(1),
      },
      JSON_OPTION,
    ],
    examples: [{ call: 'sluice plan --tasks-per-month 1000000', about: 'idle, and with a load' }],
    load: () => import('../commands/plan.ts'),
  },
  {
    name: 'doctor',
    arguments: [],
    group: 'Stage',
    summary: 'Look whether a stage is well: reachable, allowed, up to date, and what needs attention.',
    options: [JSON_OPTION],
    examples: [{ call: 'sluice doctor --stage prod', about: 'ends with 1 where something needs attention' }],
    load: () => import('../commands/doctor.ts'),
  },
  {
    name: 'ui',
    arguments: [],
    group: 'Stage',
    summary: 'Open the page: all pipelines live, their records, bursts and rollouts, in your browser.',
    options: [
      {
        flags: '--port <port>',
        about: 'of 127.0.0.1; 0 for one that is free',
        parse: portNumber,
        default: 0,
      },
      { flags: '--no-open', about: 'only print the address' },
    ],
    examples: [
      { call: 'sluice ui', about: 'of the local stage' },
      { call: 'sluice ui --stage prod --port 4600', about: 'of one on AWS, at the same port each time' },
    ],
    load: () => import('../commands/ui.ts'),
  },
];

function portNumber(text: string): number {
  const port = integer(0)(text);
  if (port > 65_535) throw new Error('give a port from 0 to 65535');
  return port;
}
