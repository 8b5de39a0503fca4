import { HOLD_BUGS } from './bugs/holds.ts';
import type { Bug } from './bugs/patches.ts';
import { RELEASE_BUGS } from './bugs/releases.ts';
import { RESOURCE_BUGS } from './bugs/resources.ts';
import { TASK_BUGS } from './bugs/tasks.ts';
import { WRITER_BUGS } from './bugs/writers.ts';

/** Deliberate bugs, each of which the promises must catch. */
export const BUGS: Readonly<Record<string, Bug>> = {
  ...WRITER_BUGS,
  ...TASK_BUGS,
  ...RESOURCE_BUGS,
  ...RELEASE_BUGS,
  ...HOLD_BUGS,
};
