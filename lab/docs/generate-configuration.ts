/**
 * Writes the files that are made from the config record's schema, and the prices in docs/limits.md; with --check only says whether they are fresh.
 * Exit code 1 when --check finds a stale one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configurationPage } from './configuration-page.ts';
import { configurationSchema } from './configuration-schema.ts';
import { withPriceTable } from './price-table.ts';

const root = new URL('../../', import.meta.url);

/** Every generated file, by its path from the project's root. */
export function generatedFiles(): Readonly<Record<string, string>> {
  return {
    'docs/configuration.md': configurationPage(),
    'docs/limits.md': withPriceTable(read('docs/limits.md') ?? ''),
    'resources/config-record.schema.json': configurationSchema(),
  };
}

/** The generated files that are not, or no longer, as they would be written now. */
export function staleFiles(): string[] {
  return Object.entries(generatedFiles())
    .filter(([path, text]) => read(path) !== text)
    .map(([path]) => path);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, root), 'utf8');
  } catch {
    return undefined;
  }
}

function main(args: readonly string[]): void {
  const stale = staleFiles();
  if (args.includes('--check')) {
    for (const path of stale) console.error(`${path} is stale: run npm run docs:generate`);
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  const files = generatedFiles();
  for (const path of stale) {
    writeFileSync(new URL(path, root), files[path] ?? '');
    console.log(`wrote ${path}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
