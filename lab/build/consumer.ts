import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { coldStartFiles } from '../../operator/packing/bundle-consumer.ts';
import { packFolder } from '../../operator/packing/pack-folder.ts';

/** A release of consumer code, ready for the code bucket. */
export interface ConsumerZip {
  readonly path: string;
  readonly zipBytes: number;
  /** What a cold start always loads: the entry and what it imports at once. */
  readonly entryBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

const ROOT = resolve(import.meta.dirname, '../..');

/** Builds a folder of consumer code into a zip: same source, same bytes. */
export async function buildConsumer(
  folder: string = resolve(ROOT, 'examples/process-document'),
  path: string = resolve(ROOT, '.build/consumer.zip'),
): Promise<ConsumerZip> {
  const { files, zip } = await packFolder(folder);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, zip);
  return {
    path,
    zipBytes: zip.length,
    entryBytes: [...coldStartFiles(files).values()].reduce((bytes, file) => bytes + file.length, 0),
    sha256: createHash('sha256').update(zip).digest('hex'),
  };
}

/** `node lab/build/consumer.ts [FOLDER [ZIP]]` */
if (import.meta.main) {
  const [folder, path] = process.argv.slice(2);
  const { path: written, zipBytes, entryBytes, sha256 } = await buildConsumer(folder, path);
  const sizes = `${kilobytes(zipBytes)} zipped, ${kilobytes(entryBytes)} loaded at a cold start`;
  console.log(`${relative(process.cwd(), written)}  ${sizes}\nsha256 ${sha256}`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
