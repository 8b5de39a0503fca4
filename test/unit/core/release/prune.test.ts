import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_LINE, type ReleaseLine, versionsOf } from '../../../../core/release/line.ts';
import { type Keeping, prunable, type StoredVersion } from '../../../../core/release/prune.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1_000 * DAY_MS;

/** Versions v1 (the oldest) to v<count>, one a day, the newest two days old; newest first. */
function versions(count: number, changes: Partial<StoredVersion> = {}): StoredVersion[] {
  return Array.from({ length: count }, (_, place) => ({
    version: `v${count - place}`,
    isCurrent: place === 0,
    isDeleteMarker: false,
    uploadedAtMs: NOW_MS - (place + 2) * DAY_MS,
    ...changes,
  }));
}

const NOBODY: Keeping = { line: EMPTY_LINE, newest: 1, isNamed: () => false, namedSinceMs: NOW_MS };

describe('old versions of code', () => {
  it('go, oldest first, but for the newest', () => {
    expect(prunable(versions(5), { ...NOBODY, newest: 2 }, NOW_MS)).toEqual(['v1', 'v2', 'v3']);
  });

  it('stay while the release line may still hand them out', () => {
    const next = { version: 'v4', reach: 0.1, canaries: true };
    const line: ReleaseLine = { stable: 'v1', former: 'v2', next, kept: ['v3'] };
    expect(prunable(versions(7), { ...NOBODY, line }, NOW_MS)).toEqual(['v5', 'v6']);
  });

  it('stay while any record names them', () => {
    const isNamed = (version: string) => version === 'v2';
    expect(prunable(versions(4), { ...NOBODY, isNamed }, NOW_MS)).toEqual(['v1', 'v3']);
  });

  it.each([
    ['younger than a day', { uploadedAtMs: NOW_MS - DAY_MS }, NOW_MS],
    ['younger than the search for their names', { uploadedAtMs: NOW_MS - 9 * DAY_MS }, NOW_MS - 9 * DAY_MS],
  ])('stay where they are %s', (_title, changes, namedSinceMs) => {
    expect(prunable(versions(5, changes), { ...NOBODY, namedSinceMs }, NOW_MS)).toEqual([]);
  });

  it('never go where S3 says that they are current, also if none is to be kept', () => {
    expect(prunable(versions(3), { ...NOBODY, newest: 0 }, NOW_MS)).toEqual(['v1', 'v2']);
  });

  it('go with the marks of deletions between them, which count as no version', () => {
    const [v3, v2, v1] = versions(3) as [StoredVersion, StoredVersion, StoredVersion];
    const marker = { ...v2, version: 'm1', isDeleteMarker: true };
    expect(prunable([v3, marker, v2, v1], { ...NOBODY, newest: 2 }, NOW_MS)).toEqual(['v1', 'm1']);
  });

  it('stay where the object is deleted now, as far as they are to be kept, and so does its mark', () => {
    const [v3, v2, v1] = versions(3, { isCurrent: false }) as [StoredVersion, StoredVersion, StoredVersion];
    const marker = { ...v3, version: 'm1', isCurrent: true, isDeleteMarker: true };
    expect(prunable([marker, v3, v2, v1], { ...NOBODY, newest: 2 }, NOW_MS)).toEqual(['v1']);
  });

  it('go only if none of the reasons to keep them holds', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `v${i}`);
    const id = fc.constantFrom(...ids);
    const line = fc.record({
      stable: fc.option(id, { nil: undefined }),
      former: fc.option(id, { nil: undefined }),
      next: fc.option(
        id.map((version) => ({ version, reach: 0.5, canaries: true })),
        { nil: undefined },
      ),
      kept: fc.array(id, { maxLength: 3 }),
    });
    const age = fc.integer({ min: 0, max: 20 * DAY_MS });
    fc.assert(
      fc.property(
        fc.array(age, { minLength: 1, maxLength: ids.length }),
        line,
        fc.uniqueArray(id, { maxLength: 4 }),
        fc.nat(5),
        age,
        (ages, made, named, newest, sinceMs) => {
          const stored = ages
            .sort((a, b) => a - b)
            .map((ageMs, place) => ({
              version: ids[place] as string,
              isCurrent: place === 0,
              isDeleteMarker: false,
              uploadedAtMs: NOW_MS - ageMs,
            }));
          const namedSinceMs = NOW_MS - sinceMs;
          const keeping = { line: made, newest, namedSinceMs, isNamed: (v: string) => named.includes(v) };
          const gone = prunable(stored, keeping, NOW_MS);
          const needed = stored.filter(
            ({ version, isCurrent, uploadedAtMs }, place) =>
              isCurrent ||
              place < newest ||
              versionsOf(made).includes(version) ||
              named.includes(version) ||
              uploadedAtMs >= namedSinceMs ||
              uploadedAtMs >= NOW_MS - DAY_MS,
          );
          expect([...gone, ...needed.map(({ version }) => version)].sort()).toEqual(
            stored.map(({ version }) => version).sort(),
          );
        },
      ),
    );
  });
});
