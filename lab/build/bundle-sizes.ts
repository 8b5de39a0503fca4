/** How big each function's bundle is, read from its zip without unpacking it. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface BundleSize {
  /** The zip's name without its ending. */
  readonly name: string;
  /** The minified code, bytes. */
  readonly codeBytes: number;
  /** Its source map, bytes. */
  readonly mapBytes: number;
  /** The zip with both, bytes: what is uploaded. */
  readonly zipBytes: number;
  /** Paths of the files in it. */
  readonly files: readonly string[];
}

/** The sizes of all zips of a folder, by name. */
export async function bundleSizes(folder: string): Promise<readonly BundleSize[]> {
  const zips = (await readdir(folder)).filter((file) => file.endsWith('.zip')).sort();
  return Promise.all(
    zips.map(async (file) => {
      const path = join(folder, file);
      const entries = zipEntries(await readFile(path));
      const sum = (ending: RegExp) =>
        entries.filter(({ name }) => ending.test(name)).reduce((bytes, entry) => bytes + entry.bytes, 0);
      return {
        name: file.slice(0, -'.zip'.length),
        codeBytes: sum(/\.m?js$/),
        mapBytes: sum(/\.map$/),
        zipBytes: (await stat(path)).size,
        files: entries.map(({ name }) => name),
      };
    }),
  );
}

const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_END = 0x06054b50;

/** The central directory: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 and 4.3.16. */
function zipEntries(zip: Buffer): readonly { readonly name: string; readonly bytes: number }[] {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== DIRECTORY_END) end -= 1;
  if (end < 0) throw new Error('not a zip file');
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  while (zip.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const nameEnd = at + 46 + (nameBytes ?? 0);
    entries.push({ name: zip.toString('utf8', at + 46, nameEnd), bytes: zip.readUInt32LE(at + 24) });
    at = nameEnd + (extraBytes ?? 0) + (commentBytes ?? 0);
  }
  return entries;
}
