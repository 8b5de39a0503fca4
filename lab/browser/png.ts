import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE_BYTES = 8;
/** Length, type and check of a chunk. */
const FRAME_BYTES = 12;

/** The same picture, packed as small as it goes: browsers pack what they photograph in a hurry. https://www.w3.org/TR/png/ */
export function smaller(png: Buffer): Buffer {
  const chunks = chunksOf(png);
  const pixels = inflateSync(
    Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)),
  );
  const packed = chunk('IDAT', deflateSync(pixels, { level: 9, memLevel: 9 }));
  const first = chunks.findIndex(({ type }) => type === 'IDAT');
  const others = chunks.map(({ type, data }, at) =>
    at === first ? packed : type === 'IDAT' ? Buffer.alloc(0) : chunk(type, data),
  );
  return Buffer.concat([png.subarray(0, SIGNATURE_BYTES), ...others]);
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; at < png.length; ) {
    const bytes = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + bytes) });
    at += bytes + FRAME_BYTES;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
