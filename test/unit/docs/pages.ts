import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../lab/local-stage/paths.ts';

/** A fenced block of a page. */
export interface Block {
  readonly path: string;
  /** Of its first line of content, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** The pages that people read, by their path from the project's root. */
export const PAGES: readonly string[] = [
  'README.md',
  ...files('docs').map((name) => `docs/${name}`),
  'consumer/README.md',
  ...readdirSync(join(projectRoot, 'examples')).map((name) => `examples/${name}/README.md`),
];

export function readPage(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}

export function blocksOf(path: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  for (const [index, line] of readPage(path).split('\n').entries()) {
    const fence = /^```(\w*)\s*$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { line: index + 2, language: fence[1] ?? '', lines: [] };
    else {
      blocks.push({ path, line: open.line, language: open.language, text: open.lines.join('\n') });
      open = undefined;
    }
  }
  return blocks;
}

/** A page without its blocks: what its sentences say. */
export function proseOf(path: string): string {
  return readPage(path).replace(/^```[\s\S]*?^```/gm, '');
}

function files(folder: string): readonly string[] {
  return readdirSync(join(projectRoot, folder))
    .filter((name) => name.endsWith('.md'))
    .sort();
}
