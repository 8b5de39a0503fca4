import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localFolder, projectRoot } from '../../../lab/local-stage/paths.ts';
import { blocksOf, readPage } from '../../unit/docs/pages.ts';

/** Somebody who does what the docs say: a folder with the files that they tell to write. */
export interface Reader {
  readonly folder: string;
  /** A consumer's folder within the project, with the readme's handler. */
  readonly yours: string;
}

/** One JSON line each. */
const lines = (...tasks: readonly unknown[]) => tasks.map((task) => `${JSON.stringify(task)}\n`).join('');
const times = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_, at) => make(at));

/**
 * @param stage whose name stands where the docs have another one's
 * @param site where the crawler's pages are
 */
export async function createReader(stage: string, site: string): Promise<Reader> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-docs-'));
  const yours = join(localFolder, `yours-${process.env.JEST_WORKER_ID ?? 1}`);
  const customers = jsonIn('docs/recipes.md', 'globex').replaceAll('sluice/local/', `sluice/${stage}/`);
  // The docs name a night that is over sooner or later.
  const night = jsonIn('docs/recipes.md', 'night-acme').replace(
    /"expiresAt": \d+/g,
    `"expiresAt": ${tomorrow()}`,
  );
  const shop = jsonIn('docs/recipes.md', '"pipelineId": "shop"');
  const files: Readonly<Record<string, string>> = {
    'record.json': jsonIn('README.md', 'customer-a'),
    'customers.json': customers,
    'night.json': night,
    'shop.json': shop,
    'shop-20.json': shop.replace('"concurrency": 10', '"concurrency": 20'),
    'shop-1.json': lines({ pipelineId: 'shop-1', breaker: {} }),
    'crawl.json': lines({ pipelineId: 'crawl' }),
    'acme.jsonl': lines(...times(3, (at) => ({ document: at + 1 }))),
    'tasks.jsonl': lines(...times(5, (at) => ({ document: at + 1 }))),
    'urls.jsonl': lines(...['1', '2', 'gone'].map((page) => ({ url: `${site}/${page}` }))),
    'bad.jsonl': lines(...times(6, () => JSON.parse(lineIn('docs/recipes.md', 'failRate')) as unknown)),
  };
  await Promise.all([
    ...Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
    symlink(join(projectRoot, 'examples'), join(folder, 'examples')),
    mkdir(join(folder, 'build')),
    mkdir(yours, { recursive: true }),
  ]);
  await writeFile(join(yours, 'handler.ts'), blockIn('README.md', 'ts', 'createConsumer'));
  return { folder, yours };
}

function jsonIn(path: string, word: string): string {
  return blockIn(path, 'json', word);
}

function blockIn(path: string, language: string, word: string): string {
  const found = blocksOf(path).find((block) => block.language === language && block.text.includes(word));
  if (found === undefined) throw new RangeError(`${path} has no block of ${language} with ${word}`);
  return found.text;
}

/** JSON that stands in a sentence. */
function lineIn(path: string, word: string): string {
  const sentences = readPage(path).match(/`\{[^`]*\}`/g) ?? [];
  const found = sentences.find((one) => one.includes(word));
  if (found === undefined) throw new RangeError(`${path} shows no task with ${word}`);
  return found.slice(1, -1);
}

function tomorrow(): number {
  return Math.floor(Date.now() / 1000) + 86_400;
}
