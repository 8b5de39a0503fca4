import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entryBytes, type PackableEntry, packBatches, SEND_BATCH_LIMITS } from '../../../core/batches.ts';

const attribute = fc.record({
  type: fc.constantFrom('String', 'Number'),
  value: fc.string({ unit: 'binary' }),
});
const entry: fc.Arbitrary<PackableEntry> = fc.record({
  body: fc.string({ unit: 'binary', maxLength: 60 }),
  attributes: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), attribute, { maxKeys: 3 }),
});
const limits = fc.record({
  maxEntries: fc.integer({ min: 1, max: 10 }),
  maxBytes: fc.integer({ min: 1, max: 200 }),
});

/** Entries and limits, packed, in every property below. */
function packed(
  check: (
    entries: PackableEntry[],
    packing: ReturnType<typeof packBatches>,
    max: { maxEntries: number; maxBytes: number },
  ) => void,
) {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), limits, (entries, max) =>
      check(entries, packBatches(entries, max), max),
    ),
  );
}

describe('packBatches', () => {
  it('puts every entry into exactly one batch or among the refused', () => {
    packed((entries, { batches, refused }) => {
      const seen = [...batches.flat().map((one) => one.index), ...refused.map((one) => one.index)].sort(
        (a, b) => a - b,
      );
      expect(seen).toEqual(entries.map((_, index) => index));
      for (const one of batches.flat()) expect(one.entry).toBe(entries[one.index]);
    });
  });

  it('keeps the order, within a batch and from batch to batch', () => {
    packed((_, { batches }) => {
      const indexes = batches.flat().map((one) => one.index);
      expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
    });
  });

  it('never makes a batch that is empty or above either limit', () => {
    packed((_, { batches }, max) => {
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(max.maxEntries);
        expect(batch.reduce((sum, one) => sum + entryBytes(one.entry), 0)).toBeLessThanOrEqual(max.maxBytes);
      }
    });
  });

  it('refuses an entry only if it alone is above the limit', () => {
    packed((entries, { refused }, max) => {
      const tooLarge = entries.flatMap((one, index) => (entryBytes(one) > max.maxBytes ? [index] : []));
      expect(refused.map((one) => one.index)).toEqual(tooLarge);
    });
  });

  it('begins a new batch only when the next entry does not fit the one before', () => {
    packed((_, { batches }, max) => {
      for (const [at, batch] of batches.entries()) {
        const next = batches[at + 1]?.[0];
        if (next === undefined) continue;
        const bytes = [...batch, next].reduce((sum, one) => sum + entryBytes(one.entry), 0);
        expect(batch.length === max.maxEntries || bytes > max.maxBytes).toBe(true);
      }
    });
  });

  it('counts bytes of UTF-8 and the name, type and value of each attribute', () => {
    expect(entryBytes({ body: 'é€😀' })).toBe(2 + 3 + 4);
    expect(entryBytes({ body: '', attributes: { ä: { type: 'String', value: 'ö' } } })).toBe(2 + 6 + 2);
  });

  it('takes 10 entries and 1 MiB a call, a message of exactly 1 MiB included', () => {
    const whole = { body: 'x'.repeat(1_048_576) };
    expect(packBatches([whole, { body: 'y' }]).batches.map((batch) => batch.length)).toEqual([1, 1]);
    expect(packBatches([{ body: `${whole.body}x` }])).toEqual({
      batches: [],
      refused: [{ index: 0, bytes: 1_048_577, maxBytes: 1_048_576 }],
    });
    const small = Array.from({ length: 25 }, () => ({ body: '{}' }));
    expect(packBatches(small, SEND_BATCH_LIMITS).batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
  });
});
