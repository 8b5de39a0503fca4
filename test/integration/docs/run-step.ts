import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { connectionEnvironment } from '../../../lab/connection-environment.ts';
import { projectBin, projectRoot } from '../../../lab/local-stage/paths.ts';
import type { Step } from '../../unit/docs/sessions.ts';
import type { TestStage } from '../stage/test-stage.ts';
import type { Wanted } from './many-calls.ts';

/** How a command ended, with all that it said. */
export interface Ended {
  readonly exit: number;
  readonly said: string;
}

/** Where a command is called. */
export interface Place {
  readonly stage: TestStage;
  readonly folder: string;
}

/** For longer no command of the docs takes here. */
const LONGEST_MS = 60_000;
const INTERRUPTED = 130;

/** Calls of `sluice`, one after another. */
export interface Caller {
  call(words: readonly string[]): Promise<Ended>;
  end(): void;
}

/** For calls that neither read their input nor have to be interrupted. */
export function createCaller({ stage, folder }: Place): Caller {
  const child = fork(join(import.meta.dirname, 'many-calls.ts'), {
    execPath: join(projectBin, 'node'),
    env: environmentOf(stage),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    async call(words) {
      const wanted: Wanted = { folder, words: [...words, '--stage', stage.stage] };
      child.send(wanted);
      const [ended] = (await once(child, 'message', { signal: AbortSignal.timeout(LONGEST_MS) })) as [Ended];
      return ended;
    },
    end: () => child.disconnect(),
  };
}

/** Calls a command as a reader does, in a process of its own: of npm in the project's folder, else in the reader's. */
export async function runStep(words: readonly string[], step: Step, place: Place): Promise<Ended> {
  const isSluice = words[1] === 'sluice';
  const [file, args, cwd] = isSluice
    ? [
        join(projectBin, 'node'),
        [join(projectRoot, 'operator/cli/sluice.js'), ...words.slice(2), '--stage', place.stage.stage],
        place.folder,
      ]
    : ['npm', words.slice(1), projectRoot];
  const child = spawn(file, args, { cwd, env: environmentOf(place.stage), stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (step.until !== undefined && said.includes(step.until)) child.kill('SIGINT');
    });
  }
  if (step.input === undefined) child.stdin.end();
  else createReadStream(join(place.folder, step.input)).pipe(child.stdin);
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  const [exit, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  // As a shell tells of a command that Ctrl-C has ended.
  return { exit: exit ?? (signal === 'SIGINT' ? INTERRUPTED : -1), said };
}

function environmentOf({ connection }: TestStage): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${projectBin}:${process.env.PATH}`,
    ...connectionEnvironment(connection),
    NO_COLOR: '1',
    // Nobody sits here: no browser is opened.
    CI: '1',
  };
}
