/** Brings the AWS emulator up and down: a process group of its own, on 127.0.0.1, with a folder of its own. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../aws/clients.ts';
import { planLaunch, REGION } from './launch.ts';
import { lastLines } from './log-file.ts';
import { localFolder } from './paths.ts';
import { endGroup } from './processes.ts';

export interface Emulator extends Connection {
  /** The emulator's process id, which is also the id of its process group. */
  readonly pid: number;
  readonly port: number;
  readonly logFile: string;
  readonly temporaryFolder: string;
  /** Ends the emulator and all its function processes and deletes its temporary folder. Can be called twice. */
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  /** Tells several emulators apart: the log is `.local/<name>.log`. */
  readonly name?: string;
  /** A detached emulator outlives this process; any other ends with it, even when it is killed outright. */
  readonly detached?: boolean;
  /** 12 digits are an account of its own, with nothing in it. */
  readonly accessKeyId?: string;
  /** More variables for the emulator, such as SFN_WAIT_SCALE. */
  readonly env?: Readonly<Record<string, string>>;
  readonly say?: (line: string) => void;
}

export const DEFAULT_ACCOUNT = '000000000000';
const HEALTHY_WITHIN_MS = 30_000;
/** A container's image may have to be loaded first. */
const CONTAINER_HEALTHY_WITHIN_MS = 600_000;

/**
 * Starts an emulator and waits until it answers.
 * @throws {PythonMissing}, or an Error with the end of the emulator's log
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { name = 'emulator', detached = false, accessKeyId = DEFAULT_ACCOUNT } = options;
  const port = await freePort();
  const logFile = join(localFolder, `${name}.log`);
  const temporaryFolder = await makeTemporaryFolder();
  const endsWithUs = detached ? {} : { SLUICE_EMULATOR_PARENT: String(process.pid) };
  const discardFolder = () => rm(temporaryFolder, { recursive: true, force: true, maxRetries: 3 });
  const launch = await planLaunch(
    port,
    temporaryFolder,
    { ...endsWithUs, ...options.env },
    options.say,
  ).catch(async (error) => {
    await discardFolder();
    throw error;
  });

  await mkdir(localFolder, { recursive: true });
  const log = openSync(logFile, 'w');
  const child = spawn(launch.command, launch.args, {
    detached: true, // a process group of its own, so that the function processes can be ended with it
    cwd: temporaryFolder,
    stdio: ['ignore', log, log],
    env: launch.env,
  });
  closeSync(log);
  child.unref();
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('spawn', () => resolve(child.pid as number));
  });

  const stop = async () => {
    await endGroup(pid);
    await discardFolder();
  };
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    const limitMs = launch.command === 'docker' ? CONTAINER_HEALTHY_WITHIN_MS : HEALTHY_WITHIN_MS;
    await healthy(endpoint, limitMs, () => child.exitCode === null && child.signalCode === null);
  } catch (error) {
    await stop();
    const end = await lastLines(logFile, 15);
    throw new Error(`the emulator did not come up; the end of ${logFile}:\n${end}`, { cause: error });
  }
  const connection = { endpoint, region: REGION, accessKeyId, secretAccessKey: 'local' };
  return { ...connection, pid, port, logFile, temporaryFolder, stop };
}

/**
 * Functions are unpacked and run in here. Not inside the project, whose node_modules they would find by walking
 * up: a package missing from a bundle has to be missing here too. The package.json ends such a walk, and makes a
 * `.js` file CommonJS as it is on Lambda.
 */
async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-emulator-'));
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @throws when it does not answer in time, or is no longer alive */
async function healthy(endpoint: string, limitMs: number, isAlive: () => boolean): Promise<void> {
  const endMs = Date.now() + limitMs;
  while (!(await answers(endpoint))) {
    if (!isAlive()) throw new Error('it ended by itself');
    if (Date.now() > endMs) throw new Error(`no answer within ${limitMs / 1000} s`);
    await sleep(50);
  }
}

/** Whether an emulator answers at this address. */
export async function answers(endpoint: string): Promise<boolean> {
  try {
    const reply = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2000) });
    return reply.ok;
  } catch {
    return false;
  }
}
