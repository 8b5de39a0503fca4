/**
 * `node lab/checks/lock-file.ts [--write]`: the lock file has to name the packages for every platform. Where a
 * registry mirror holds only those of its own platform, npm leaves the others out, and `npm ci` then refuses the
 * lock file everywhere. Written back they have a version and a platform but no integrity, which npm adds where it
 * installs them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface LockFile {
  packages: Record<string, LockedPackage>;
}

const OPERATING_SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

const file = join(import.meta.dirname, '../../package-lock.json');
const lock = JSON.parse(await readFile(file, 'utf8')) as LockFile;
const missing = missingOf(lock);

if (process.argv.includes('--write')) {
  const packages = { ...lock.packages, ...missing };
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
} else if (Object.keys(missing).length > 0) {
  console.error(`package-lock.json lacks ${Object.keys(missing).join(', ')}`);
  console.error('node lab/checks/lock-file.ts --write adds them');
  process.exitCode = 1;
}

function missingOf({ packages }: LockFile): Record<string, LockedPackage> {
  const found: Record<string, LockedPackage> = {};
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const nested = `${path}/node_modules/${name}`;
      const hoisted = `node_modules/${name}`;
      if (nested in packages || hoisted in packages) continue;
      found[hoisted] = { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) };
    }
  }
  return found;
}

/** Platform packages are named by their platform, as in `binding-linux-arm64-musl`. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const parts = name.split(/[/-]/);
  const os = parts.filter((part) => OPERATING_SYSTEMS.includes(part));
  const cpu = parts.filter((part) => PROCESSORS.includes(part));
  if (parts.includes('musl')) return { os, cpu, libc: ['musl'] };
  return parts.includes('gnu') ? { os, cpu, libc: ['glibc'] } : { os, cpu };
}
