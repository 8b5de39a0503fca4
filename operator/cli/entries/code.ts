import type { CommandEntry } from '../command.ts';

/** Commands for consumer code and its rollouts. */
export const CODE_COMMANDS: readonly CommandEntry[] = [];
