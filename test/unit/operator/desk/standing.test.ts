import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { standingOf } from '../../../../operator/desk/standing.ts';
import { NO_RECORD } from '../../../../operator/views/desk.ts';

describe('what stands for a record', () => {
  it('is equal for equal records, whatever the order of their fields', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const turned = Object.fromEntries(Object.entries(record).reverse());
        expect(standingOf(turned)).toBe(standingOf(record));
      }),
    );
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: '1' }],
    [{ a: { b: 1 } }, { a: { b: 1, c: 1 } }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: 1n }, { a: 2n }],
    [{ a: new Set(['x']) }, { a: new Set(['y']) }],
    [{ a: new Uint8Array([1]) }, { a: new Uint8Array([2]) }],
    [{}, undefined],
  ])('differs: %p and %p', (one, other) => {
    expect(standingOf(one)).not.toBe(standingOf(other));
  });

  it('says that there is none', () => {
    expect(standingOf(undefined)).toBe(NO_RECORD);
  });

  it('tells nothing of its values: its length is the same for all', () => {
    const lengths = [{}, { environment: { KEY: 'hush'.repeat(99) } }].map(
      (record) => standingOf(record).length,
    );
    expect(new Set(lengths).size).toBe(1);
  });
});
