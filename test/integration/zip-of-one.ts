import { crc32 } from 'node:zlib';

/** A zip archive with one file in it, stored without compression: PKWARE's APPNOTE, sections 4.3.7 to 4.3.16. */
export function zipOfOne(name: string, text: string): Buffer {
  const file = Buffer.from(text);
  const fileName = Buffer.from(name);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(file));
  const sizes = Buffer.concat([checksum, uint32(file.length), uint32(file.length), uint16(fileName.length)]);
  const version = uint16(20);
  const flagsMethodAndTime = Buffer.alloc(8);

  const local = Buffer.concat([uint32(0x04034b50), version, flagsMethodAndTime, sizes, uint16(0), fileName]);
  const entry = Buffer.concat([
    uint32(0x02014b50),
    version,
    version,
    flagsMethodAndTime,
    sizes,
    Buffer.alloc(16), // no extra field, no comment, one disk, no attributes, at offset 0
    fileName,
  ]);
  const end = Buffer.concat([
    uint32(0x06054b50),
    uint32(0),
    uint16(1),
    uint16(1),
    uint32(entry.length),
    uint32(local.length + file.length),
    uint16(0),
  ]);
  return Buffer.concat([local, file, entry, end]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
