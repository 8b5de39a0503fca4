import { spawn } from 'node:child_process';

/** A program that opens an address in the browser of whoever sits here. */
export interface Opener {
  readonly command: string;
  readonly args: readonly string[];
}

/** Undefined where nobody sits: a server, a container, a job. */
export function openerOf(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  url: string,
): Opener | undefined {
  if (env.CI || env.SSH_CONNECTION) return undefined;
  if (platform === 'darwin') return { command: 'open', args: [url] };
  if (platform === 'win32') return { command: 'cmd', args: ['/c', 'start', '', url] };
  return env.DISPLAY || env.WAYLAND_DISPLAY ? { command: 'xdg-open', args: [url] } : undefined;
}

/** Tries to open it, and says nothing where that fails: the address is printed anyway. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv): void {
  const opener = openerOf(process.platform, env, url);
  if (opener === undefined) return;
  const child = spawn(opener.command, opener.args, { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
