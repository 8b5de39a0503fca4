import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Connection } from '../../aws/clients.ts';
import { connectionEnvironment } from '../connection-environment.ts';
import { projectRoot } from './paths.ts';

/** The page of a stage, served by a process of its own. */
export interface StagePage {
  /** Where it is, with what lets the browser in; undefined where it could not be started. */
  readonly url: Promise<string | undefined>;
  /** Ends it. @returns its exit code and the signal that ended it */
  end(): Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
}

export interface PageOptions {
  readonly stage?: string;
  /** Absent: where the command line itself finds the stage. */
  readonly connection?: Connection;
  /** Whether it is opened where there is a desktop. */
  readonly isOpened?: boolean;
  /** Whether what it says besides its address is seen here. */
  readonly isHeard?: boolean;
  readonly signal?: AbortSignal;
}

/** On a machine that does much else. */
const START_MS = 60_000;
const END_MS = 10_000;

/**
 * Serves the page by `sluice ui`. It ends with this process, whatever becomes of that: it has a channel to it. The stage
 * goes on without a page where there cannot be one: one that tells no address in time is ended.
 */
export function startPage(options: PageOptions): StagePage {
  const { stage = 'local', connection, isOpened = true, isHeard = false, signal } = options;
  const command = [join(projectRoot, 'operator/cli/sluice.js'), 'ui', '--stage', stage];
  const child = spawn(process.execPath, isOpened ? command : [...command, '--no-open'], {
    // A profile of the caller's would win over the keys.
    env: connection ? { PATH: process.env.PATH, ...connectionEnvironment(connection) } : process.env,
    // Ctrl-C goes to the whole group of processes: it would end on its own, and say so.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', isHeard ? 'inherit' : 'ignore', 'ipc'],
  });
  const late = AbortSignal.timeout(START_MS);
  const url = firstLine(child, signal ? AbortSignal.any([signal, late]) : late);
  void url.then((address) => (address === undefined ? endOf(child) : undefined));
  return { url, end: () => endOf(child) };
}

async function firstLine(child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  const lines = createInterface({ input: child.stdout });
  try {
    const [line] = await Promise.race([
      once(lines, 'line', { signal }),
      once(child, 'exit', { signal }).then(() => [undefined]),
    ]);
    return line as string | undefined;
  } catch {
    return undefined;
  } finally {
    lines.close();
    child.stdout.resume();
  }
}

async function endOf(child: ChildProcess): ReturnType<StagePage['end']> {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
  const over = once(child, 'exit');
  if (child.connected) child.disconnect();
  const force = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await over;
  clearTimeout(force);
  return [child.exitCode, child.signalCode];
}
