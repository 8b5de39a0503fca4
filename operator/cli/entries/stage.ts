import type { CommandEntry } from '../command.ts';

/** Commands for a stage as a whole. */
export const STAGE_COMMANDS: readonly CommandEntry[] = [];
