import { createHash } from 'node:crypto';
import { FlateErrorCode, type UnzipFileInfo, unzipSync } from 'fflate';
import { MANIFEST_FILE, smokeFileOf } from '../core/release/manifest.ts';
import type { Archive, ArchiveFile } from '../core/release/package.ts';

/** More than a manifest or an event needs. Nothing larger is unpacked, whatever it would unpack to. */
const TEXT_MAX_BYTES = 1_000_000;
const FILES_MAX = 100_000;

/** Numbers of the zip format, PKWARE's APPNOTE: a file's header, its flags, and the "compression" of AES. */
const FILE_HEADER = 0x04034b50;
const FLAGS_AT = 6;
const ENCRYPTED = 1;
const AES = 99;

/**
 * Looks into a zip: its list of files, and the text of the two that a release may bring for its own rollout.
 * Whatever the bytes are, it answers; it unpacks nothing else.
 */
export function readArchive(zip: Uint8Array): Archive {
  try {
    if (isEncrypted(zip)) return unreadable('it is encrypted');
    const files: ArchiveFile[] = [];
    const manifest = unpackOne(zip, MANIFEST_FILE, (file) => {
      if (files.length >= FILES_MAX) throw new Error(`it holds more than ${FILES_MAX} files`);
      if (file.compression === AES) throw new Error('it is encrypted');
      // Reading on past the end gives files without a name.
      if (file.name === '' || file.size > zip.length) throw new Error('it is cut off');
      if (!file.name.endsWith('/')) files.push({ name: file.name, bytes: file.originalSize });
    });
    const smokeFile = smokeFileOf(manifest[MANIFEST_FILE]);
    const smoke = smokeFile === undefined ? {} : unpackOne(zip, smokeFile);
    const sha256 = createHash('sha256').update(zip).digest('base64');
    return { kind: 'read', sha256, files, texts: { ...manifest, ...smoke } };
  } catch (error) {
    const { code, message } = error as { code?: number; message: string };
    return unreadable(
      code === FlateErrorCode.InvalidZipData ? 'no zip archive, or one that is cut off' : message,
    );
  }
}

/** @throws an Error for people */
function unpackOne(
  zip: Uint8Array,
  name: string,
  look: (file: UnzipFileInfo) => void = () => {},
): Record<string, string> {
  const filter = (file: UnzipFileInfo) => {
    look(file);
    if (file.name !== name) return false;
    // Both: either may be a lie.
    if (Math.max(file.size, file.originalSize) > TEXT_MAX_BYTES)
      throw new Error(`its ${name} is larger than 1 MB`);
    return true;
  };
  const bytes = unzipSync(zip, { filter })[name];
  return bytes === undefined ? {} : { [name]: new TextDecoder().decode(bytes) };
}

/** By the first file: whoever packs with a password packs all files with it. Lambda refuses what slips through. */
function isEncrypted(zip: Uint8Array): boolean {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  if (zip.byteLength < FLAGS_AT + 2 || view.getUint32(0, true) !== FILE_HEADER) return false;
  return (view.getUint16(FLAGS_AT, true) & ENCRYPTED) !== 0;
}

export function unreadable(reason: string): Archive {
  return { kind: 'unreadable', reason };
}
