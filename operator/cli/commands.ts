import type { CommandEntry } from './command.ts';
import { CODE_COMMANDS } from './entries/code.ts';
import { OBSERVING_COMMANDS } from './entries/observe.ts';
import { PIPELINE_COMMANDS } from './entries/pipelines.ts';
import { STAGE_COMMANDS } from './entries/stage.ts';
import { TASK_COMMANDS } from './entries/tasks.ts';

/** All commands, in the order in which help shows them: an entry in operator/cli/entries/, a file in operator/cli/commands/. */
export const COMMANDS: readonly CommandEntry[] = [
  ...PIPELINE_COMMANDS,
  ...TASK_COMMANDS,
  ...CODE_COMMANDS,
  ...OBSERVING_COMMANDS,
  ...STAGE_COMMANDS,
];
