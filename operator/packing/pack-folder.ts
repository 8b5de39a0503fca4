import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MANIFEST_FILE, smokeFileOf } from '../../core/release/manifest.ts';
import { bundleConsumer } from './bundle-consumer.ts';
import { zipReproducibly } from './zip.ts';

/** A folder of consumer code, ready for the code bucket. */
export interface PackedFolder {
  /** By their names in the zip. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly zip: Uint8Array;
}

/**
 * Packs a folder: its handler as one bundle, and what the release says of its own rollout, where the folder has that.
 * Same source, same bytes.
 * @throws an Error with what the folder must hold, or with what esbuild says of its code
 */
export async function packFolder(folder: string): Promise<PackedFolder> {
  const files = new Map([...(await bundleConsumer(folder)), ...(await manifestFiles(resolve(folder)))]);
  return { files, zip: zipReproducibly(files) };
}

async function manifestFiles(folder: string): Promise<[string, Uint8Array][]> {
  const manifest = await readFileIn(folder, MANIFEST_FILE);
  if (manifest === undefined) return [];
  const name = smokeFileOf(new TextDecoder().decode(manifest));
  const smoke = name === undefined ? undefined : await readFileIn(folder, name);
  // One that is named and not there is found by the check of the zip.
  return [
    [MANIFEST_FILE, manifest],
    ...(name === undefined || smoke === undefined ? [] : ([[name, smoke]] as [string, Uint8Array][])),
  ];
}

async function readFileIn(folder: string, name: string): Promise<Uint8Array | undefined> {
  return readFile(join(folder, name)).catch(() => undefined);
}
