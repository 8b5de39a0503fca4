import { BREAKER_BUGS } from './bugs/breakers.ts';
import type { FlowBug } from './bugs/bug.ts';
import { HOLD_BUGS } from './bugs/holds.ts';
import { NOTE_BUGS } from './bugs/notes.ts';
import { RATE_BUGS } from './bugs/rates.ts';
import { TASK_BUGS } from './bugs/tasks.ts';

export const BUGS: Readonly<Record<string, FlowBug>> = {
  ...RATE_BUGS,
  ...HOLD_BUGS,
  ...BREAKER_BUGS,
  ...TASK_BUGS,
  ...NOTE_BUGS,
};
