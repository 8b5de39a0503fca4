import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLineSplitter, LONGEST_LINE_BYTES } from '../../../../core/burst/lines.ts';
import { readLine } from '../../../../core/burst/task.ts';

function split(text: string, cuts: readonly number[], fromByte = 0) {
  const bytes = Buffer.from(text);
  const splitter = createLineSplitter(fromByte);
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const lines = at.slice(1).flatMap((end, piece) => [...splitter.lines(bytes.subarray(at[piece], end))]);
  return [...lines, ...splitter.end()];
}

describe('splitting text into lines', () => {
  it('gives the same lines wherever the text is cut, between the bytes of a letter, too', () => {
    const line = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !/[\r\n\uFEFF]/.test(text));
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.nat(1_000),
        (lines, end, cuts, fromByte) => {
          const text = lines.map((one) => `${one}${end}`).join('');
          const found = split(text, cuts, fromByte);
          expect(found.map((one) => one.text)).toEqual(lines);
          if (lines.length > 0) expect(found.at(-1)?.endByte).toBe(fromByte + Buffer.byteLength(text));
        },
      ),
    );
  });

  it('cuts off a line that no message can hold, however it comes', () => {
    const long = 'x'.repeat(LONGEST_LINE_BYTES + 10);
    for (const cuts of [[], [1], [LONGEST_LINE_BYTES + 5], [5, LONGEST_LINE_BYTES]]) {
      const [first, second, ...none] = split(`${long}\ny`, cuts);
      expect(first?.text.length).toBe(LONGEST_LINE_BYTES);
      expect(first?.endByte).toBe(long.length + 1);
      expect(first?.isCut).toBe(true);
      expect(second).toEqual({ text: 'y', endByte: long.length + 2 });
      expect(none).toEqual([]);
    }
    const [whole] = split(`${'x'.repeat(LONGEST_LINE_BYTES)}\n`, [7]);
    expect(whole?.isCut).toBeUndefined();
  });

  it('says of a line that it was cut off, so that it is too large in any script', () => {
    const [line] = split(`${JSON.stringify('語'.repeat(1_000_000))}\n`, [100_000]);
    expect(readLine(line?.text ?? '', { index: 0, endByte: 0 }, 'b', line?.isCut)).toMatchObject({
      kind: 'refused',
      code: 'TooLarge',
    });
  });
});
