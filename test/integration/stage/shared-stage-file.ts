import { join } from 'node:path';
import { localFolder } from '../../../lab/local-stage/paths.ts';

/** Where a test run remembers its stage: one for each process that runs test files. */
export function sharedStageFile(pid: number): string {
  return join(localFolder, `integration-${pid}.json`);
}
