/** The emulator's private Python environment: made once per set of pinned packages and Python version. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { localFolder, requirementsFile } from './paths.ts';

const run = promisify(execFile);
const OLDEST = [3, 10] as const;
const CANDIDATES = [
  'python3',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
  'python',
];

/** A Python that can make the environment. `version` is like `3.11.7 linux-x86_64`. */
export interface Python {
  readonly command: string;
  readonly version: string;
}

/** No Python fits: says which were found and what to install. */
export class PythonMissing extends Error {
  readonly code = 'PythonMissing';
  override readonly name = 'PythonMissing';
}

// venv without ensurepip makes an environment without pip: Debian splits both off into python3-venv.
const PROBE =
  'import sys,sysconfig,venv,ensurepip;print(*sys.version_info[:2]);' +
  'print(sys.version.split()[0],sysconfig.get_platform())';

/**
 * The first Python on PATH that is new enough and can make environments. `SLUICE_PYTHON` names one outright.
 * @throws {PythonMissing}
 */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const candidates = env.SLUICE_PYTHON ? [env.SLUICE_PYTHON] : CANDIDATES;
  const refused: string[] = [];
  for (const command of candidates) {
    const found = await probe(command, env);
    if (typeof found !== 'string') return found;
    if (found !== '') refused.push(`${command}: ${found}`);
  }
  throw new PythonMissing(
    `the local stage needs Python ${OLDEST.join('.')} or newer with its venv module` +
      ` (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python)` +
      `${refused.length > 0 ? `; found ${refused.join(', ')}` : '; found none'}`,
  );
}

/** The Python, or why not; '' when there is no such command. */
async function probe(command: string, env: NodeJS.ProcessEnv): Promise<Python | string> {
  try {
    const { stdout } = await run(command, ['-c', PROBE], { env, timeout: 20_000 });
    const [numbers = '', version = ''] = stdout.trim().split('\n');
    const [major = 0, minor = 0] = numbers.split(' ').map(Number);
    const isNewEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
    return isNewEnough ? { command, version } : `${major}.${minor} is too old`;
  } catch (error) {
    const { code, stderr = '' } = error as { code?: string | number; stderr?: string };
    if (code === 'ENOENT') return '';
    const missing = /No module named '?(venv|ensurepip)'?/.exec(stderr);
    // A version manager answers for versions that are not switched on; that is not a Python.
    return missing ? `has no ${missing[1]} module` : '';
  }
}

/**
 * Makes the environment, or finds the one made before.
 * @param file pinned packages with their hashes, as pip takes them
 * @returns the path of its Python
 * @throws {PythonMissing} or an Error with the end of pip's output
 */
export async function preparePython(
  say: (line: string) => void = () => {},
  file: string = requirementsFile,
): Promise<string> {
  const python = await findPython();
  const requirements = await readFile(file);
  const key = createHash('sha256').update(requirements).update(python.version).digest('hex').slice(0, 16);
  const folder = join(localFolder, `python-${key}`);
  const interpreter = join(folder, 'bin', 'python');
  if (existsSync(interpreter)) return interpreter;

  say(`preparing a Python environment (${python.version}; once, some 10 s)`);
  // Made aside and moved into place, so that a broken-off install is never taken for a whole one. A moved
  // environment works as long as nobody runs its scripts by name (they carry the old path); we do not.
  const unfinished = `${folder}.${process.pid}.unfinished`;
  await mkdir(localFolder, { recursive: true });
  try {
    await run(python.command, ['-m', 'venv', unfinished], { timeout: 120_000 });
    await install(join(unfinished, 'bin', 'python'), file);
    await rename(unfinished, folder).catch((error) => {
      if (!existsSync(interpreter)) throw error; // else another process was quicker, with the same content
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return interpreter;
}

async function install(interpreter: string, file: string): Promise<void> {
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  const pinned = ['--require-hashes', '-r', file];
  try {
    await run(interpreter, [...pip, ...pinned], { timeout: 600_000, maxBuffer: 1 << 26 });
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(
      `the packages of ${file} could not be installed: ${stderr.trim().slice(-2000) || message}`,
      {
        cause: error,
      },
    );
  }
}
