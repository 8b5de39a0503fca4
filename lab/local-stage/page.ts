import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from './paths.ts';

/** The page of the local stage, served by a process of its own. */
export interface StagePage {
  /** Where it is, with what lets the browser in; undefined where it could not be started. */
  readonly url: Promise<string | undefined>;
  end(): Promise<void>;
}

const START_MS = 20_000;
const END_MS = 2_000;

/**
 * Serves the page by `sluice ui`, which opens it where there is a desktop. It ends with this process, whatever becomes of
 * that: it has a channel to it. The stage goes on without a page where there cannot be one.
 */
export function startPage(signal: AbortSignal): StagePage {
  const command = [join(projectRoot, 'operator/cli/sluice.js'), 'ui', '--stage', 'local'];
  const child = spawn(process.execPath, command, {
    // Ctrl-C goes to the whole group of processes: it would end on its own, and say so.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  const url = firstLine(child, AbortSignal.any([signal, AbortSignal.timeout(START_MS)]));
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

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'exit');
  if (child.connected) child.disconnect();
  const force = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await over;
  clearTimeout(force);
}
