/** Deploys and removes a stage with the real framework, as users do; only the endpoint is another one. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../../aws/clients.ts';
import { readStageOutputs } from '../../aws/stage-outputs.ts';
import { connectionEnvironment } from '../connection-environment.ts';
import { withLock } from './lock.ts';
import { lastLines } from './log-file.ts';
import { localFolder, projectBin, projectRoot } from './paths.ts';
import { endGroup } from './processes.ts';
import { withTemporaryFolder } from './temporary.ts';

export type Outputs = Readonly<Record<string, string>>;

export interface StageOptions {
  readonly connection: Connection;
  readonly stage: string;
  /** Where serverless.yml is; the project's own by default. */
  readonly folder?: string;
  /** What serverless.yml calls its service. */
  readonly service?: string;
  readonly limitSeconds?: number;
  /** More arguments for the framework, such as --force. */
  readonly args?: readonly string[];
  /** Breaks it off. */
  readonly signal?: AbortSignal;
}

/**
 * `serverless deploy`, with the settings of the local stage whatever the stage is called.
 * @returns the stack's outputs
 * @throws with the end of the framework's output, all of which is in `.local/deploy-<stage>.log`
 */
export async function deployStage(options: StageOptions): Promise<Outputs> {
  await runServerless('deploy', options, options.args ?? []);
  const stack = `${options.service ?? 'sluice'}-${options.stage}`;
  const outputs = await readStageOutputs(options.connection, stack);
  if (!outputs)
    throw new Error(`there is no stack ${stack} after its deploy: look at ${logOf('deploy', options)}`);
  return outputs;
}

/**
 * `serverless remove`, pipelines first.
 * @param discard also lose tasks, dead letters and salvage
 * @throws as {@link deployStage}; the log is `.local/remove-<stage>.log`
 */
export async function removeStage(options: StageOptions & { readonly discard?: boolean }): Promise<void> {
  await runServerless('remove', options, options.discard ? ['--discard'] : []);
}

type Verb = 'deploy' | 'remove';

function logOf(verb: Verb, { stage }: StageOptions): string {
  return join(localFolder, `${verb}-${stage}.log`);
}

function runServerless(verb: Verb, options: StageOptions, more: readonly string[]): Promise<void> {
  // The bundler leaves what it packs in the temporary folder: some MB a function, at every deploy.
  const run = () => withTemporaryFolder((temporary) => runServerlessNow(verb, options, more, temporary));
  // Two runs in one folder write into the same .serverless; a service of its own has its own folder.
  return options.folder === undefined ? withLock('serverless', run) : run();
}

async function runServerlessNow(
  verb: Verb,
  options: StageOptions,
  more: readonly string[],
  temporary: string,
): Promise<void> {
  const { connection, stage, folder = projectRoot, limitSeconds = 300 } = options;
  const logFile = logOf(verb, options);
  await mkdir(localFolder, { recursive: true });
  const log = openSync(logFile, 'w');
  const args = [verb, '--stage', stage, '--region', connection.region, '--param', 'settings=local', ...more];
  const child = spawn(join(projectBin, 'serverless'), args, {
    cwd: folder,
    detached: true, // a group of its own, so that a run past its time limit ends whole
    stdio: ['ignore', log, log], // with an open stdin it may wait for an answer that never comes
    env: { ...serverlessEnv(connection), TMPDIR: temporary },
  });
  closeSync(log);
  const { pid } = child;
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
  const late = AbortSignal.timeout(limitSeconds * 1000);
  const tooMuch = options.signal ? AbortSignal.any([options.signal, late]) : late;
  const end = () => pid !== undefined && void endGroup(pid).catch(() => {});
  tooMuch.addEventListener('abort', end, { once: true });
  if (tooMuch.aborted) end();
  const code = await ended.finally(() => tooMuch.removeEventListener('abort', end));
  if (code === 0) return;
  const why = late.aborted ? `took longer than ${limitSeconds} s` : `ended with ${code}`;
  const tail = await lastLines(logFile, 25);
  throw new Error(`serverless ${verb} of stage ${stage} ${why}; the end of ${logFile}:\n${tail}`);
}

/** The caller's own AWS settings stay out: a profile or a session token would win over these. */
function serverlessEnv(connection: Connection): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_|SLS_|NODE_OPTIONS$)/.test(name));
  return {
    ...Object.fromEntries(own),
    PATH: `${projectBin}:${process.env.PATH ?? ''}`,
    ...connectionEnvironment(connection),
    AWS_EC2_METADATA_DISABLED: 'true',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
  };
}
