/** What `local up` left running: written to `.local/state.json`, and not believed until looked at. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { answers, type Emulator } from './emulator.ts';
import { launcherFile, stateFile } from './paths.ts';
import { commandLine, endGroup, groupIsAlive } from './processes.ts';

/** A detached emulator, as remembered. `pid` is its process group too. */
export interface StageState {
  readonly pid: number;
  readonly port: number;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly logFile: string;
  readonly temporaryFolder: string;
  /** ISO 8601 */
  readonly startedAt: string;
}

export async function rememberStage(
  emulator: Emulator,
  nowMs: number,
  file = stateFile,
): Promise<StageState> {
  const { stop: _, ...facts } = emulator;
  const state = { ...facts, startedAt: new Date(nowMs).toISOString() };
  await mkdir(dirname(file), { recursive: true });
  // Renamed into place: nobody ever reads half a file.
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  await rename(`${file}.new`, file);
  return state;
}

/** The emulator that runs, if the one remembered does: alive, ours by its command line, and answering. */
export async function runningStage(file = stateFile): Promise<StageState | undefined> {
  const state = await remembered(file);
  if (!state || !isOurs(state.pid)) return undefined;
  return (await answers(state.endpoint)) ? state : undefined;
}

/**
 * Ends what is remembered, however much of it is left, and forgets it. A stranger who has got the pid meanwhile
 * is left alone.
 * @returns whether an emulator was running
 */
export async function endStage(file = stateFile): Promise<boolean> {
  const state = await remembered(file);
  if (!state) return false;
  // Without its leader, the group's id can only belong to the leader's orphans: no new process gets it as pid.
  const isRunning = isOurs(state.pid) || (commandLine(state.pid) === undefined && groupIsAlive(state.pid));
  if (isRunning) await endGroup(state.pid);
  await rm(state.temporaryFolder, { recursive: true, force: true, maxRetries: 3 });
  await rm(file, { force: true });
  return isRunning;
}

function isOurs(pid: number): boolean {
  return commandLine(pid)?.includes(launcherFile) ?? false;
}

async function remembered(file: string): Promise<StageState | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as StageState;
  } catch {
    return undefined;
  }
}
