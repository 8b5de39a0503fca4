import { describe, expect, it } from '@jest/globals';
import {
  afterReleases,
  collectNames,
  isComplete,
  isNamed,
  isSure,
  type Naming,
  namingSchema,
  newNaming,
  type ReadRecords,
} from '../../../../core/release/naming.ts';
import { settledStatus, target } from '../lifecycle/records.ts';

const KEY = 'consumer.zip';
const EMPTY: ReadRecords = { configs: { items: [] }, statuses: { items: [] } };
const MORE = { cursor: 'more' };

/** Both tables to their ends, as often as it takes. */
function complete(naming: Naming = newNaming(7)): Naming {
  return collectNames(collectNames(naming, EMPTY), EMPTY);
}

function named(read: Partial<ReadRecords>, ...versions: string[]): boolean[] {
  const naming = collectNames(newNaming(7), { ...EMPTY, ...read });
  return versions.map((version) => isNamed(naming, { key: KEY, version }));
}

describe('a release is named', () => {
  it('by the status of whoever runs it, is about to or has run it last', () => {
    const status = settledStatus({
      applied: target({}, { version: 'v2' }),
      run: {
        kind: 'codeSync',
        step: 'UpdateCode',
        startedAtMs: 0,
        verify: false,
        target: target({}, { version: 'v3' }),
      },
      formerCodes: [{ key: KEY, version: 'v1', sinceMs: 0, untilMs: 1 }],
    });
    const read = { statuses: { items: [status] } };
    expect(named(read, 'v0', 'v1', 'v2', 'v3', 'v4')).toEqual([false, true, true, true, false]);
  });

  it.each([
    ['of the usual key', { pipelineId: 'a', codeVersion: 'v1' }, true],
    ['of its own key', { pipelineId: 'a', codeKey: 'other.zip', codeVersion: 'v1' }, false],
    ['whatever else is wrong with it', { pipelineId: '?', codeVersion: 'v1', concurrency: -1 }, true],
    ['that follows its key', { pipelineId: 'a' }, false],
    ['whose pin is no text', { pipelineId: 'a', codeVersion: 1 }, false],
  ])('by a config record that is pinned to it: one %s', (_title, record, expected) => {
    expect(named({ configs: { items: [record] } }, 'v1')).toEqual([expected]);
  });

  it('under its own key only', () => {
    const naming = collectNames(newNaming(7), {
      ...EMPTY,
      configs: { items: [{ codeKey: 'other.zip', codeVersion: 'v1' }] },
    });
    expect(isNamed(naming, { key: 'other.zip', version: 'v1' })).toBe(true);
  });
});

describe('the search for names', () => {
  it('is complete when both tables have been walked through from wherever it began', () => {
    let naming = newNaming(7);
    const steps: [Partial<ReadRecords>, boolean][] = [
      [{}, false],
      [{ configs: { items: [], ...MORE } }, false],
      [{ configs: { items: [], ...MORE }, statuses: { items: [], ...MORE } }, false],
      [{}, true],
    ];
    for (const [read, expected] of steps) {
      naming = collectNames(naming, { ...EMPTY, ...read });
      expect(isComplete(naming)).toBe(expected);
    }
  });

  it('goes on while its names are used', () => {
    const pinned = { items: [{ codeVersion: 'v1' }] };
    expect(
      isNamed(collectNames(complete(), { ...EMPTY, configs: pinned }), { key: KEY, version: 'v1' }),
    ).toBe(true);
  });

  it('begins anew once its names were used for all releases, and keeps them until the next is over', () => {
    const page = (naming: Naming, end: boolean) => afterReleases(naming, end, 99);
    const used = page(page(complete({ ...newNaming(7), before: { sinceMs: 3, named: [] } }), true), false);
    expect(used.sinceMs).toBe(7);
    expect(page(used, true)).toEqual({ ...newNaming(99), before: { sinceMs: 7, named: [] } });
  });

  it('is sure of a release only where it was unnamed in two complete collections, one after the other', () => {
    const pinned = { ...EMPTY, configs: { items: [{ codeVersion: 'v1' }] } };
    const first = complete(collectNames(newNaming(7), pinned));
    expect(isSure(first)).toBe(false);
    const second = afterReleases(first, false, 99);
    expect([isSure(second), isSure(complete(second))]).toEqual([false, true]);
    const isPinned = (naming: Naming) => isNamed(naming, { key: KEY, version: 'v1' });
    expect(isPinned(complete(second))).toBe(true);
    const third = [true, true].reduce((naming, end) => afterReleases(naming, end, 200), complete(second));
    expect([isSure(complete(third)), isPinned(complete(third))]).toEqual([true, false]);
  });

  it('uses no names before it is complete', () => {
    const naming = collectNames(newNaming(7), EMPTY);
    expect(afterReleases(naming, true, 99)).toEqual(naming);
  });

  it('takes everything for named where it finds more than it can keep, and then begins anew', () => {
    const pins = (count: number) => ({
      ...EMPTY,
      configs: { items: Array.from({ length: count }, (_, i) => ({ codeVersion: `v${i}` })) },
    });
    const most = collectNames(newNaming(7), pins(500));
    expect(most).toMatchObject({ tooMany: false });
    expect(isNamed(most, { key: KEY, version: 'v500' })).toBe(false);
    const over = complete(collectNames(newNaming(7), pins(501)));
    expect(over).toMatchObject({ tooMany: true, named: [] });
    expect(isNamed(over, { key: KEY, version: 'nobody' })).toBe(true);
    expect(afterReleases(over, false, 99)).toEqual(newNaming(99));
  });

  it('names a release once, in few bytes, so that its place in the table is small', () => {
    const version = 'x'.repeat(1024);
    const many = {
      ...EMPTY,
      configs: { items: Array.from({ length: 50 }, () => ({ codeVersion: version })) },
    };
    expect(JSON.stringify(collectNames(newNaming(7), many)).length).toBeLessThan(150);
  });

  it('is the same after it was stored', () => {
    const naming = complete();
    expect(namingSchema.parse(JSON.parse(JSON.stringify(naming)))).toEqual(naming);
  });
});
