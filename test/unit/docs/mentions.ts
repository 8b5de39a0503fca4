import { COMMANDS } from '../../../operator/cli/commands.ts';
import { split } from './shell.ts';

/** A command of sluice that a sentence names without calling it: it would want an id, or is none. */
export function isMention(words: readonly string[]): boolean {
  if (words[0] !== 'npx' || words[1] !== 'sluice') return false;
  const named = words.slice(2);
  return COMMANDS.some(({ name }) => named.every((word, index) => name.split(' ')[index] === word));
}

/** The line under a command's heading, in the page made from the list. */
export function isUsage(text: string): boolean {
  const usages = COMMANDS.map(({ name, arguments: args }) => [
    'npx sluice',
    name,
    ...args.map((one) => one.name),
  ]);
  return usages.some(
    (usage) => split(usage.join(' '))[0]?.join(' ') === text && /[<[]/.test(usage.join(' ')),
  );
}
