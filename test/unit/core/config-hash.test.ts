import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configHash } from '../../../core/config-hash.ts';
import { equalJson } from '../../../core/equal-json.ts';

/** The same value with the keys of every map the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

it('is the same whatever the order of keys', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => configHash(value) === configHash(reversed(value))));
});

it('is the same after a round trip through JSON', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      (value) => configHash(value) === configHash(JSON.parse(JSON.stringify(value))),
    ),
  );
});

it('tells equal JSON as the hashes do', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(equalJson(a, reversed(a))).toBe(true);
      expect(equalJson(a, b)).toBe(configHash(a) === configHash(b));
    }),
  );
  expect(equalJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(equalJson(undefined, null)).toBe(false);
});

it('differs where the values differ', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      fc.pre(JSON.stringify(reversed(a)) !== JSON.stringify(reversed(b)));
      fc.pre(JSON.stringify(sorted(a)) !== JSON.stringify(sorted(b)));
      return configHash(a) !== configHash(b);
    }),
  );
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .map(([key, inner]) => [key, sorted(inner)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

it('tells lists in another order apart', () => {
  expect(configHash([1, 2])).not.toBe(configHash([2, 1]));
});

it('takes an undefined field for an absent one', () => {
  expect(configHash({ a: 1, b: undefined })).toBe(configHash({ a: 1 }));
  expect(configHash(undefined)).toMatch(/^[0-9a-f]{16}$/);
});

// Frozen: another way to hash would update every pipeline of every stage at the next deploy.
it('is what it has always been', () => {
  expect(configHash({ pipelineId: 'a', rateLimits: [{ tasks: 1, perSeconds: 2 }], spread: null })).toBe(
    '260d7a6ebeb5b104',
  );
});
