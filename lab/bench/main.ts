/**
 * `npm run bench [-- ROW…]`: measures, and writes docs/benchmarks.md. Exit code 1 if a row failed or missed a goal.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ChromiumMissing } from '../browser/chromium.ts';
import { projectRoot } from '../local-stage/paths.ts';
import { PythonMissing } from '../local-stage/python.ts';
import { type Circumstances, type Outcome, page, section } from './report.ts';
import type { Row } from './row.ts';
import { calls } from './rows/calls.ts';
import { commandLine } from './rows/command-line.ts';
import { creation } from './rows/creation.ts';
import { example } from './rows/example.ts';
import { overviewPage } from './rows/page.ts';
import { peaks } from './rows/peaks.ts';
import { predictions } from './rows/predictions.ts';
import { rollouts } from './rows/rollouts.ts';
import { runtime } from './rows/runtime.ts';
import { scale } from './rows/scale.ts';
import { sending } from './rows/sending.ts';

const ROWS: readonly Row[] = [
  creation,
  calls,
  scale,
  rollouts,
  runtime,
  peaks,
  predictions,
  sending,
  commandLine,
  overviewPage,
  example,
];
const PAGE = join(projectRoot, 'docs', 'benchmarks.md');

const say = (line: string) => process.stderr.write(`${line}\n`);

const { positionals } = parseArgs({ allowPositionals: true });
const chosen = positionals.length === 0 ? ROWS : ROWS.filter(({ name }) => positionals.includes(name));
const unknown = positionals.filter((name) => !ROWS.some((row) => row.name === name));
if (unknown.length > 0) {
  say(`there is no row ${unknown.join(', ')}; there are ${ROWS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const sections = new Map<string, string>();
for (const row of chosen) {
  say(`${row.name}: ${row.title}`);
  const measuredIn = circumstances();
  const outcome = await run(row);
  if (outcome === undefined) continue;
  const text = section(row, outcome, measuredIn);
  sections.set(row.name, text);
  process.stdout.write(`${text}\n\n`);
}
await writeFile(PAGE, page(ROWS, sections, await readFile(PAGE, 'utf8').catch(() => '')));

/** A row that fails keeps the section that it has. */
async function run(row: Row): Promise<Outcome | undefined> {
  try {
    const findings = await row.run(say);
    if (findings.goals.some(({ met }) => !met)) process.exitCode = 1;
    return { kind: 'measured', findings };
  } catch (error) {
    if (error instanceof PythonMissing || error instanceof ChromiumMissing)
      return { kind: 'skipped', why: error.message };
    say(`${row.name} failed: ${error instanceof Error ? error.stack : error}`);
    process.exitCode = 1;
    return undefined;
  }
}

function circumstances(): Circumstances {
  const cores = cpus();
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  const machine = `${cores.length} cores (${cores[0]?.model.trim() || process.arch}), ${gibibytes} GiB of memory, ${process.platform} ${process.arch}, Node ${process.versions.node}; load average ${loadavg()[0]?.toFixed(1)} when it began`;
  return { date: new Date().toISOString().slice(0, 10), machine };
}
