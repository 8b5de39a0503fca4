import type { CommandOption } from '../command.ts';

export const JSON_OPTION: CommandOption = {
  flags: '--json',
  about: 'JSON on standard output, for programs',
};

export const YES_OPTION: CommandOption = {
  flags: '-y, --yes',
  about: 'do not ask, for scripts',
};

/** Reads a whole number of at least `least`. */
export function wholeNumber(least = 0): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least) return value;
    throw new Error(`give a whole number of ${least} or more`);
  };
}
