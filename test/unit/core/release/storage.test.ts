import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeStorage, storageNeed } from '../../../../core/release/storage.ts';

const GB = 1e9;
const account = { codeBytesUsed: 10 * GB, codeBytesAllowed: 300 * GB };

describe('what a rollout needs of the code storage', () => {
  it.each([
    {
      why: 'a larger release: the difference of each',
      now: 30,
      former: 20,
      followers: 100,
      needed: 30 + 1000,
    },
    { why: 'one as large: the trial’s copy', now: 30, former: 30, followers: 100, needed: 30 },
    { why: 'a smaller one: the trial’s copy', now: 20, former: 30, followers: 100, needed: 20 },
    {
      why: 'former size unknown: as if it were as large',
      now: 30,
      former: undefined,
      followers: 100,
      needed: 30,
    },
    { why: 'nobody follows: the trial’s copy', now: 30, former: 0, followers: 0, needed: 30 },
    { why: 'a first release: a copy of each', now: 30, former: 0, followers: 9, needed: 300 },
  ])('is of $why', ({ now, former, followers, needed }) => {
    expect(storageNeed(account, now, former, followers)).toEqual({
      usedBytes: 10 * GB,
      allowedBytes: 300 * GB,
      neededBytes: needed,
    });
  });

  it('never shrinks with more followers or more code', () => {
    const bytes = fc.nat(300_000_000);
    fc.assert(
      fc.property(bytes, bytes, bytes, fc.nat(5000), fc.nat(100), (now, more, former, followers, others) => {
        const { neededBytes } = storageNeed(account, now, former, followers);
        expect(neededBytes).toBeGreaterThanOrEqual(now);
        const { neededBytes: of } = storageNeed(account, now + more, former, followers + others);
        expect(of).toBeGreaterThanOrEqual(neededBytes);
      }),
    );
  });
});

describe('a release', () => {
  it.each([
    { usedBytes: 0, neededBytes: 80 * GB, kind: 'fits' },
    { usedBytes: 79 * GB, neededBytes: 1 * GB, kind: 'fits' },
    { usedBytes: 79 * GB, neededBytes: 1 * GB + 1, kind: 'tight' },
    { usedBytes: 90 * GB, neededBytes: 0, kind: 'tight' },
    { usedBytes: 90 * GB, neededBytes: 10 * GB, kind: 'tight' },
    { usedBytes: 90 * GB, neededBytes: 10 * GB + 1, kind: 'full' },
    { usedBytes: 101 * GB, neededBytes: 0, kind: 'full' },
  ])('with $usedBytes used of 100 GB and $neededBytes more needed is $kind', ({ kind, ...need }) => {
    expect(judgeStorage({ ...need, allowedBytes: 100 * GB }).kind).toBe(kind);
  });

  it('says what is there and what is needed where that is much', () => {
    const need = { usedBytes: 250 * GB, allowedBytes: 300 * GB, neededBytes: 12.345 * GB };
    const message = 'code storage: 250.00 GB of 300.00 GB used, 12.35 GB more needed';
    expect(judgeStorage(need)).toEqual({ kind: 'tight', message });
    expect(judgeStorage({ ...need, usedBytes: 290 * GB })).toEqual({
      kind: 'full',
      message: 'code storage: 290.00 GB of 300.00 GB used, 12.35 GB more needed, which is not there',
    });
  });
});
