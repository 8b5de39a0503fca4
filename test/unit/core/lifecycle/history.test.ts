import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FieldChange } from '../../../../core/config-record/changes.ts';
import { CHANGES_BYTES, changesApplied, changesTold } from '../../../../core/lifecycle/history.ts';
import { type Target, targetOf } from '../../../../core/lifecycle/target.ts';
import { validRecords } from '../valid-records.ts';
import { consumers, target, wantedOf } from './records.ts';

const limits = (count: number) =>
  Array.from({ length: count }, (_one, at) => ({ tasks: 1e4, perSeconds: at + 1 }));

describe('what a run has changed', () => {
  it.each<[string, Target | undefined, Target, readonly FieldChange[]]>([
    ['nothing', target({ concurrency: 3 }), target({ concurrency: 3 }), []],
    [
      'a field',
      target({ concurrency: 4 }),
      target({ concurrency: 10 }),
      [{ path: 'concurrency', from: 4, to: 10 }],
    ],
    [
      'a field within a field, as people write it',
      target({ concurrency: 4, rateLimit: { tasks: 5, perSeconds: 1 } }),
      target({ concurrency: 4, rateLimit: { tasks: 7, perSeconds: 1 } }),
      [{ path: 'rateLimit.tasks', from: 5, to: 7 }],
    ],
    [
      'a rate limit that comes, with the concurrency that follows from it',
      target(),
      target({ rateLimit: { tasks: 50, perSeconds: 10 } }),
      [
        { path: 'concurrency', from: 2, to: 6 },
        { path: 'rateLimit.tasks', to: 50 },
        { path: 'rateLimit.perSeconds', to: 10 },
      ],
    ],
    [
      'a rate limit that goes',
      target({ concurrency: 2, rateLimit: { tasks: 50, perSeconds: 10 } }),
      target({ concurrency: 2 }),
      [
        { path: 'rateLimit.tasks', from: 50 },
        { path: 'rateLimit.perSeconds', from: 10 },
      ],
    ],
    ['a pause', target(), target({ paused: true }), [{ path: 'paused', from: false, to: true }]],
    ['its end', target({ paused: true }), target(), [{ path: 'paused', from: true, to: false }]],
    ['a rest that is no pause', target(), target({}, { enabled: false }), [{ path: 'resting', to: true }]],
    [
      'other code',
      target({}, { version: 'v1' }),
      target({}, { version: 'v2' }),
      [{ path: 'code.version', from: 'v1', to: 'v2' }],
    ],
    [
      'code by another key',
      target(),
      target({ codeKey: 'other.zip' }),
      [{ path: 'codeKey', from: 'consumer.zip', to: 'other.zip' }],
    ],
    [
      'what the stage decides for all of its consumers',
      target(),
      target({}, { stage: { ...consumers, tracing: true } }),
      [{ path: 'stage.settings', says: 'changed' }],
    ],
    [
      'names of the environment, without their values',
      target({ environment: { OLD: '1', SAME: '2', KEY: 'hush' } }),
      target({ environment: { SAME: '2', KEY: 'hash', NEW: '4' } }),
      [
        { path: 'environment.KEY', says: 'changed' },
        { path: 'environment.NEW', says: 'added' },
        { path: 'environment.OLD', says: 'removed' },
      ],
    ],
    [
      'a pipeline that is made: what its record says, and its code',
      undefined,
      target({ concurrency: 10, environment: { KEY: 'hush' } }),
      [
        { path: 'concurrency', to: 10 },
        { path: 'codeKey', to: 'consumer.zip' },
        { path: 'code.version', to: 'v1' },
        { path: 'environment.KEY', says: 'added' },
      ],
    ],
  ])('%s', (_, before, after, changed) => {
    const told = changesApplied(before, after);
    expect(told.moreChanged).toBeUndefined();
    expect([...told.changed].sort(byPath)).toEqual([...changed].sort(byPath));
  });

  it('long values are cut', () => {
    const { changed } = changesApplied(target({ rateLimit: limits(10) }), target({ rateLimit: limits(9) }));
    const one = changed.find(({ path }) => path === 'rateLimit');
    expect(one?.from).toMatch(/^\[\{"tasks":10000,.*…$/);
    expect([String(one?.from).length, String(one?.to).length]).toEqual([100, 100]);
  });

  it('tells how many names it has no room for', () => {
    const environment = Object.fromEntries(limits(100).map((_one, at) => [`NAME_${at}`, 'x']));
    const { changed, moreChanged } = changesApplied(target(), target({ environment }));
    expect(changed).toHaveLength(32);
    expect(moreChanged).toBe(68);
  });

  it('is the same for a target that has been in a table, whose fields have another order', () => {
    const one = target({ concurrency: 3, breaker: {}, environment: { AB: '1' } });
    const wanted = Object.fromEntries(Object.entries(one.wanted).reverse()) as Target['wanted'];
    expect(changesApplied(one, { ...one, wanted })).toEqual({ changed: [] });
  });

  const SECRET = 'hush-';
  const targets = fc
    .tuple(validRecords, fc.constantFrom('v1', 'v2'), fc.boolean())
    .map(([record, version, isOn]) => {
      const { environment } = record;
      const hidden = environment && {
        environment: Object.fromEntries(
          Object.entries(environment).map(([name, value]) => [name, `${SECRET}${value}`]),
        ),
      };
      const wanted = wantedOf({ ...record, pipelineId: 'a', ...hidden });
      return targetOf(wanted, { key: wanted.codeKey, version }, isOn && !wanted.paused, consumers);
    });

  it('never gives a value of an environment away, and fits into a line, whatever changes', () => {
    fc.assert(
      fc.property(fc.option(targets, { nil: undefined }), targets, (before, after) => {
        const told = changesApplied(before, after);
        const text = JSON.stringify(told.changed);
        expect(text).not.toContain(SECRET);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(CHANGES_BYTES);
        expect(changesTold(JSON.parse(JSON.stringify(told)))).toEqual(told);
      }),
    );
  });

  it('is nothing where nothing differs, and something where what is applied differs', () => {
    fc.assert(
      fc.property(targets, targets, (before, after) => {
        expect(changesApplied(after, after).changed).toEqual([]);
        // Where its concurrency comes from may change without anything else.
        const { concurrencySource: _source, ...wanted } = after.wanted;
        const { concurrencySource: _other, ...formerly } = before.wanted;
        const isSame =
          JSON.stringify([formerly, before.code, before.enabled]) ===
          JSON.stringify([wanted, after.code, after.enabled]);
        if (!isSame) expect(changesApplied(before, after).changed).not.toEqual([]);
      }),
    );
  });
});

it.each([
  [{}, undefined],
  [{ changed: 'all' }, undefined],
  [
    { changed: [7, { from: 1 }, { path: 'a', to: 1 }], moreChanged: 'x' },
    { changed: [{ path: 'a', to: 1 }] },
  ],
])('what a line of another version tells of changes: %j', (detail, told) => {
  expect(changesTold(detail)).toEqual(told);
});

function byPath(one: FieldChange, other: FieldChange): number {
  return one.path < other.path ? -1 : 1;
}
