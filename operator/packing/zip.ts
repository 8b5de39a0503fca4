import { zipSync } from 'fflate';

/** The earliest time that a zip can hold. Given in local time, which is how zips keep it: the same bytes everywhere. */
const NO_TIME = new Date(1980, 0, 1);

/** Unix, and a file that everybody may read: Lambda runs code as a user of its own. */
const UNIX = 3;
const READABLE_FILE = 0o100644 << 16;

/**
 * Packs files so that the same content gives the same bytes: entries in order of name, without times, compressed
 * by JavaScript alone (zlib's output differs between its builds).
 */
export function zipReproducibly(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const names = [...files.keys()].sort();
  return zipSync(
    Object.fromEntries(
      names.map((name) => [
        name,
        [files.get(name) ?? new Uint8Array(), { mtime: NO_TIME, os: UNIX, attrs: READABLE_FILE, level: 9 }],
      ]),
    ),
  );
}
