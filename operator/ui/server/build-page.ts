import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Asset {
  readonly type: string;
  readonly content: Uint8Array;
}

/** What the page is made of, by path. */
export type Assets = ReadonlyMap<string, Asset>;

const folder = fileURLToPath(new URL('../page/', import.meta.url));

/** Packs the page, in some 100 ms: there is nothing to build beforehand, and nothing to forget to build. */
export async function buildPage(): Promise<Assets> {
  const [html, { outputFiles }] = await Promise.all([
    readFile(`${folder}index.html`),
    build({
      entryPoints: [{ in: `${folder}main.tsx`, out: 'page' }],
      outdir: '/',
      bundle: true,
      write: false,
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: ['chrome120', 'firefox120', 'safari17'],
      jsx: 'automatic',
      jsxImportSource: 'preact',
      // Of the page only: the project's own settings are for Node.
      tsconfigRaw: {},
      legalComments: 'none',
      logLevel: 'silent',
    }),
  ]);
  const packed = outputFiles.map(({ path, contents }): [string, Asset] => {
    const type = path.endsWith('.css') ? 'text/css' : 'text/javascript';
    return [path, { type: `${type}; charset=utf-8`, content: contents }];
  });
  return new Map([['/', { type: 'text/html; charset=utf-8', content: html }], ...packed]);
}
