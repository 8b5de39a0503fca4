/** Where the local stage keeps its things: everything under `.local/`, which can be deleted at any time. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
export const localFolder = join(projectRoot, '.local');
export const requirementsFile = fileURLToPath(new URL('./requirements.txt', import.meta.url));
export const launcherFile = fileURLToPath(new URL('./patches.py', import.meta.url));
export const stateFile = join(localFolder, 'state.json');

/** Node 24 and `serverless`, as the project's lock file has them. */
export const projectBin = join(projectRoot, 'node_modules', '.bin');
