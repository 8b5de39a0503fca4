import { SQS_BATCH_BYTES } from '../aws-limits.ts';

/** A line, and where the next one begins. */
interface Line {
  readonly text: string;
  readonly endByte: number;
  /** It is longer than this text; absent where it is all. */
  readonly isCut?: true;
}

/**
 * Longer lines come cut off here, so that none fills the memory: what is left of one is still larger than SQS takes.
 */
export const LONGEST_LINE_BYTES = 2 * SQS_BATCH_BYTES;

const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface LineSplitter {
  /** The lines that end in the next bytes, without their line ends. */
  lines(bytes: Uint8Array): Iterable<Line>;
  /** The last line, where nothing ended it. */
  end(): Iterable<Line>;
}

/**
 * Splits UTF-8 text into lines, wherever it is cut into pieces. Keeps no more than the line under way.
 * @param fromByte where the first piece begins
 */
export function createLineSplitter(fromByte: number): LineSplitter {
  const decoder = new TextDecoder();
  let begun: Uint8Array[] = [];
  let length = 0;
  /** Bytes of the line under way, kept or not. */
  let seen = 0;
  let at = fromByte;

  const keep = (bytes: Uint8Array) => {
    const room = LONGEST_LINE_BYTES - length;
    // A copy: else it keeps the whole piece in memory.
    if (bytes.length > 0 && room > 0) begun.push(new Uint8Array(bytes.subarray(0, room)));
    length += Math.min(room, bytes.length);
    seen += bytes.length;
  };
  const take = (last: Uint8Array): Line => {
    if (length > 0) keep(last);
    else seen = last.length;
    const line = length > 0 ? joined(begun, length) : last.subarray(0, LONGEST_LINE_BYTES);
    const isCut = seen > LONGEST_LINE_BYTES;
    begun = [];
    length = 0;
    seen = 0;
    const isReturned = line.at(-1) === CARRIAGE_RETURN;
    const text = decoder.decode(isReturned ? line.subarray(0, -1) : line);
    return { text, endByte: at, ...(isCut && { isCut }) };
  };
  return {
    *lines(bytes) {
      let from = 0;
      for (;;) {
        const end = bytes.indexOf(NEW_LINE, from);
        if (end < 0) break;
        at += end + 1 - from;
        yield take(bytes.subarray(from, end));
        from = end + 1;
      }
      at += bytes.length - from;
      keep(bytes.subarray(from));
    },
    *end() {
      if (length > 0) yield take(new Uint8Array());
    },
  };
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
