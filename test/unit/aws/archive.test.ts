import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { readArchive } from '../../../aws/archive.ts';

const handler = 'export const handler = async () => {};';
const zipOf = (files: Readonly<Record<string, string | Uint8Array>>, level: 0 | 6 = 6) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        [typeof content === 'string' ? strToU8(content) : content, { level }],
      ]),
    ),
  );
const zip = zipOf({ 'index.mjs': handler, 'lib/': '', 'lib/other.mjs': '1', 'sluice.json': '{}' });

/** PKWARE's APPNOTE, 4.3.12 and 4.3.16: an entry of the list of files, and what follows the list. */
const LIST_ENTRY = Buffer.from([0x50, 0x4b, 1, 2]);
const LIST_END_BYTES = 22;
const inList = (zipped: Uint8Array, offset: number) => Buffer.from(zipped).indexOf(LIST_ENTRY) + offset;

function changed(zipped: Uint8Array, at: number, value: number, bytes: 2 | 4 = 2): Uint8Array {
  const copy = Buffer.from(zipped);
  copy.writeUIntLE(value, at, bytes);
  return copy;
}

describe('what is in a zip', () => {
  it('is its files with their sizes unzipped, no folders, and its digest', () => {
    expect(readArchive(zip)).toEqual({
      kind: 'read',
      sha256: createHash('sha256').update(zip).digest('base64'),
      files: [
        { name: 'index.mjs', bytes: handler.length },
        { name: 'lib/other.mjs', bytes: 1 },
        { name: 'sluice.json', bytes: 2 },
      ],
      texts: { 'sluice.json': '{}' },
    });
  });

  it.each([0, 6] as const)('is read alike whether it is compressed or not: level %i', (level) => {
    const manifest = '{"smokeEvent":"events/smoke.json"}';
    const files = { 'sluice.json': manifest, 'events/smoke.json': '{"a":"ü"}', 'index.mjs': handler };
    expect(readArchive(zipOf(files, level))).toMatchObject({
      texts: { 'sluice.json': manifest, 'events/smoke.json': '{"a":"ü"}' },
    });
  });

  it('has no text of a file that is named and not there', () => {
    expect(readArchive(zipOf({ 'sluice.json': '{"smokeEvent":"no.json"}' }))).toMatchObject({
      texts: { 'sluice.json': '{"smokeEvent":"no.json"}' },
    });
  });

  it('has texts without the mark that some editors begin them with', () => {
    expect(readArchive(zipOf({ 'sluice.json': '\uFEFF{}' }))).toMatchObject({
      texts: { 'sluice.json': '{}' },
    });
  });

  it('is nothing, where there are no files', () => {
    expect(readArchive(zipSync({}))).toMatchObject({ kind: 'read', files: [], texts: {} });
  });
});

describe('a zip that cannot be read', () => {
  const large = 'x'.repeat(1_000_001);
  const one = zipOf({ 'sluice.json': '{}' });
  it.each<[string, Uint8Array, RegExp]>([
    ['is no zip', strToU8('export const handler = 1;'), /no zip archive, or one that is cut off/],
    ['is empty', new Uint8Array(), /no zip archive/],
    ['has lost its end', zip.subarray(0, zip.length - 30), /no zip archive, or one that is cut off/],
    ['lists more files than there are', changed(zip, zip.length - LIST_END_BYTES + 8, 9), /it is cut off/],
    ['is encrypted', changed(zip, 6, 1), /it is encrypted/],
    ['is encrypted with AES', changed(zip, inList(zip, 10), 99), /it is encrypted/],
    ['claims more than there is', changed(zip, inList(zip, 20), 0x7fffffff, 4), /it is cut off/],
    [
      'brings a manifest too large to be one',
      zipOf({ 'sluice.json': large }),
      /its sluice\.json is larger than 1 MB/,
    ],
    [
      'brings an event too large to be one',
      zipOf({ 'sluice.json': '{"smokeEvent":"e.json"}', 'e.json': large }),
      /its e\.json is larger than 1 MB/,
    ],
    [
      'is compressed in a way that nobody knows',
      changed(one, inList(one, 10), 12),
      /unknown compression type 12/,
    ],
  ])('says so: one that %s', (_what, bytes, reason) => {
    expect(readArchive(bytes)).toEqual({ kind: 'unreadable', reason: expect.stringMatching(reason) });
  });

  it('is told from any bytes at all, without a throw', () => {
    const damage = fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.nat(zip.length), (bytes, length) => {
        const copy = Uint8Array.from(zip);
        for (const [at, byte] of bytes) copy[at] = byte;
        expect(['read', 'unreadable']).toContain(readArchive(copy).kind);
        expect(['read', 'unreadable']).toContain(readArchive(copy.subarray(0, length)).kind);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a file that grows when it is unpacked', () => {
  const zeros = new Uint8Array(20_000_000);

  it('is listed and left as it is', () => {
    expect(readArchive(zipOf({ 'data.bin': zeros }))).toMatchObject({
      files: [{ name: 'data.bin', bytes: zeros.length }],
      texts: {},
    });
  });

  it('does not grow beyond what it claims to be', () => {
    const bomb = zipOf({ 'sluice.json': zeros });
    const archive = readArchive(changed(bomb, inList(bomb, 24), 10, 4));
    expect(archive).toMatchObject({ kind: 'read', texts: { 'sluice.json': '\0'.repeat(10) } });
  });
});
