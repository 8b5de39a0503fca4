import { beginRun } from './shared-stage-file.ts';

/** Before the first test file. */
export default beginRun;
