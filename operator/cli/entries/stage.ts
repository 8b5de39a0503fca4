import type { CommandEntry } from '../command.ts';
import { JSON_OPTION, wholeNumber } from './options.ts';

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
        parse: wholeNumber(1),
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
];
