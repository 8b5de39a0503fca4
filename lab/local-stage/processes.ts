/** Process groups: who is alive, is it still ours, and ending exactly that one. Linux and macOS. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether any process of the group is left. A group lives on while one of its members does. */
export function groupIsAlive(groupId: number): boolean {
  try {
    process.kill(-groupId, 0);
    return true;
  } catch (error) {
    // EPERM means that somebody is there, only not ours.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The command line of a process, for telling a live emulator from a stranger that got its old pid.
 * @returns undefined when there is no such process
 */
export function commandLine(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' ? undefined : line;
  } catch {
    return undefined;
  }
}

/**
 * Ends a process group: SIGTERM, then SIGKILL after the grace, then looks until nothing is left.
 * @throws if a process of the group is still there at the end
 */
export async function endGroup(groupId: number, graceMs = 3000): Promise<void> {
  signalGroup(groupId, 'SIGTERM');
  if (await goneWithin(groupId, graceMs)) return;
  signalGroup(groupId, 'SIGKILL');
  if (await goneWithin(groupId, 5000)) return;
  throw new Error(
    `processes of group ${groupId} are still running: look with "ps -o pid,args -g ${groupId}"`,
  );
}

function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function goneWithin(groupId: number, limitMs: number): Promise<boolean> {
  const endMs = Date.now() + limitMs;
  while (groupIsAlive(groupId)) {
    if (Date.now() > endMs) return false;
    await sleep(25);
  }
  return true;
}
