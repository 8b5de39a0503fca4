import type { CommandOption } from '../command.ts';

export const JSON_OPTION: CommandOption = {
  flags: '--json',
  about: 'JSON on standard output, for programs',
};

export const YES_OPTION: CommandOption = {
  flags: '-y, --yes',
  about: 'do not ask, for scripts',
};
