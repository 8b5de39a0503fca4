/** How the emulator is started here: from its own Python environment, or else as a container. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { launcherFile, projectBin } from './paths.ts';
import { PythonMissing, preparePython } from './python.ts';

/** The release of requirements.txt; patches.py is written for it. */
const IMAGE = 'ministackorg/ministack:1.5.33';
export const REGION = 'us-east-1';

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * @param extra more variables for the emulator
 * @throws {PythonMissing} if there is no container engine either
 */
export async function planLaunch(
  port: number,
  temporaryFolder: string,
  extra: Readonly<Record<string, string>>,
  say?: (line: string) => void,
): Promise<Launch> {
  const variables = { ...emulatorVariables(port), ...extra };
  try {
    const python = await preparePython(say);
    const bindOnlyHere = { BIND_HOST: '127.0.0.1' }; // the default is all interfaces
    return {
      command: python,
      args: ['-u', launcherFile],
      env: { ...callerVariables(), ...variables, ...bindOnlyHere, TMPDIR: temporaryFolder },
    };
  } catch (error) {
    if (!(error instanceof PythonMissing)) throw error;
    if (!(await hasDocker())) throw new PythonMissing(`${error.message}; or start Docker`, { cause: error });
    say?.(`${error.message}: using the image ${IMAGE} instead`);
    return container(port, variables);
  }
}

/**
 * Nothing of the caller's own AWS settings gets in: functions inherit the emulator's environment, and a function
 * under test must never reach a real account.
 */
function callerVariables(): Record<string, string> {
  const { PATH = '', HOME = '', LANG = 'C.UTF-8' } = process.env;
  // The emulator runs functions with the first `node` it finds.
  return { PATH: `${projectBin}:${PATH}`, HOME, LANG };
}

function emulatorVariables(port: number): Record<string, string> {
  return {
    GATEWAY_PORT: String(port),
    // Queue URLs carry this name. An address, because "localhost" also means ::1, where nobody listens.
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_REGION: REGION,
    IOT_MTLS_ENABLED: '0', // or it opens port 8883
    SFTP_ENABLED: '0', // or it opens port 2222
    // What a settled AWS account has. By default it is derived from the machine's memory.
    LAMBDA_ACCOUNT_CONCURRENCY: '1000',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** The port is the same inside and outside, because queue URLs name it on both sides. */
function container(port: number, variables: Readonly<Record<string, string>>): Launch {
  const inside = '/opt/local-stage/patches.py';
  const settings = Object.entries({ ...variables, PYTHONPATH: '/opt/ministack' });
  const mount = ['--volume', `${launcherFile}:${inside}:ro`];
  return {
    command: 'docker',
    args: [
      ...['run', '--rm', '--init', '--publish', `127.0.0.1:${port}:${port}`, ...mount],
      ...settings.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...['--entrypoint', 'python', IMAGE, '-u', inside],
    ],
    env: callerVariables(),
  };
}

async function hasDocker(): Promise<boolean> {
  try {
    await promisify(execFile)('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
