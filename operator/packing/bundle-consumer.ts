import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build, type OutputFile } from 'esbuild';
import { CONSUMER_ENTRY } from '../../core/consumer-code.ts';

/** What a folder of consumer code may call its handler. */
const HANDLER_FILES = ['handler.ts', 'handler.mts', 'handler.js', 'handler.mjs'];

const PACKAGES = 'node_modules/';
const CHUNK = /\bchunk-[A-Z0-9]{8}\b/g;
const ROOT = resolve(import.meta.dirname, '../..');
/** Where the output would stand: nothing is written there, but source maps are relative to it. */
const OUT = join(ROOT, '.build', 'bundle');

/**
 * Bundles a folder's handler into ES modules for Lambda's Node 24, minified: the entry, and chunks that are loaded
 * when they are first needed (the SDK of references). The bytes depend on the sources alone, not on where they are.
 * @param folder holds a `handler.ts` (or .mts, .js, .mjs) that exports `handler`
 * @param left packages that stay out, `*` for any part of a name: what is left cannot run, but be measured
 * @returns files by their name in the zip
 */
export async function bundleConsumer(
  folder: string,
  left: readonly string[] = [],
): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [{ in: handlerFile(folder), out: CONSUMER_ENTRY.replace(/\.mjs$/, '') }],
    outdir: OUT,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    bundle: true,
    external: [...left],
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Packages' own ES modules: smaller, and without require.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    write: false,
    logLevel: 'warning',
  });
  const files = new Map(outputFiles.map((file) => [relative(OUT, file.path), file]));
  const packed = [...files].flatMap(([name, file]) => contentOf(name, file, files, resolve(folder)));
  return new Map(
    withSteadyNames(new Map(packed)).map(([name, text]) => [name, new TextEncoder().encode(text)]),
  );
}

/** What a cold start always loads: the entry, and the chunks that it imports without waiting to need them. */
export function coldStartFiles(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const loaded = new Map<string, Uint8Array>();
  const names = [CONSUMER_ENTRY];
  for (const name of names) {
    const file = files.get(name);
    if (file === undefined || loaded.has(name)) continue;
    loaded.set(name, file);
    const text = new TextDecoder().decode(file);
    names.push(...[...text.matchAll(STATIC_IMPORT)].map(([, chunk]) => `${chunk}.mjs`));
  }
  return loaded;
}

/** `import"./chunk-…"` and `import{…}from"./chunk-…"`, as esbuild minifies them; not `import("./chunk-…")`. */
const STATIC_IMPORT = /(?:\bimport|\bfrom)\s*["']\.\/(chunk-\w+)\.mjs["']/g;

function handlerFile(folder: string): string {
  const found = HANDLER_FILES.map((name) => resolve(folder, name)).find(existsSync);
  if (found !== undefined) return found;
  throw new Error(
    `${folder} must hold one of ${HANDLER_FILES.join(', ')}, and has none — give the folder of a consumer's handler, for example examples/process-document`,
  );
}

/** A file as it goes into the zip. Maps of packages' code stay out: they are most of a release and help nobody. */
function contentOf(
  name: string,
  file: OutputFile,
  files: ReadonlyMap<string, OutputFile>,
  folder: string,
): [string, string][] {
  const sourcesOf = (map: OutputFile) =>
    (JSON.parse(map.text).sources as string[]).map((source) => sourceName(resolve(OUT, source), folder));
  const isOurs = (sources: readonly string[]) => sources.some((source) => !source.startsWith(PACKAGES));
  if (name.endsWith('.map')) {
    const sources = sourcesOf(file);
    return isOurs(sources) ? [[name, JSON.stringify({ ...JSON.parse(file.text), sources })]] : [];
  }
  const map = files.get(`${name}.map`);
  if (map === undefined || isOurs(sourcesOf(map))) return [[name, file.text]];
  return [[name, file.text.replace(/\/\/# sourceMappingURL=.*\n$/, '')]];
}

/**
 * Numbers the chunks as they are met from the entry on: esbuild's own names for them depend on where the sources
 * are. As long as before, so that the maps' columns stay right. A chunk that nothing imports is left out.
 */
function withSteadyNames(files: ReadonlyMap<string, string>): [string, string][] {
  const steady = new Map<string, string>();
  const texts = [files.get(CONSUMER_ENTRY) ?? ''];
  for (const text of texts) {
    for (const [name] of text.matchAll(CHUNK)) {
      const chunk = files.get(`${name}.mjs`);
      if (chunk === undefined || steady.has(name)) continue;
      steady.set(name, `chunk-${String(steady.size + 1).padStart(8, '0')}`);
      texts.push(chunk);
    }
  }
  const renamed = (text: string) => text.replace(CHUNK, (name) => steady.get(name) ?? name);
  const isMet = (name: string) =>
    steady.has(name.slice(0, name.indexOf('.'))) || name.startsWith(CONSUMER_ENTRY);
  return [...files].filter(([name]) => isMet(name)).map(([name, text]) => [renamed(name), renamed(text)]);
}

/** A source's name without the place where it happened to be built. */
function sourceName(path: string, folder: string): string {
  const inPackage = path.lastIndexOf(PACKAGES);
  if (inPackage >= 0) return path.slice(inPackage);
  return path.startsWith(`${folder}/`) ? relative(folder, path) : relative(ROOT, path);
}
