import { describe, expect, it } from '@jest/globals';
import type { ReleaseRecord } from '../../../../../core/release/record.ts';
import { NOTHING_SEEN, newsOf, type Seen, words } from '../../../../../lab/demo/rollout/timeline.ts';
import { releaseRecord } from '../../../functions/release-record.ts';

const VERSIONS = ['v1', 'v2'];
const WAVES = [
  { reach: 0.1, canaries: true, pipelines: 1 },
  { reach: 1, canaries: true, pipelines: 5 },
];

function seen(releases: readonly Partial<ReleaseRecord>[], versions: Record<string, string> = {}): Seen {
  return {
    releases: releases.map((one) => releaseRecord(one)),
    versions: new Map(Object.entries(versions)),
  };
}

const told = (before: Seen, now: Seen) => newsOf(before, now, VERSIONS).map(words);

describe('what is new between two looks', () => {
  it('is nothing where nothing has changed', () => {
    const same = seen([{ version: 'v1', state: 'Done', returned: true }], { a: 'v1' });
    expect(told(same, same)).toEqual([]);
  });

  it('is a new state, with its reason, and a wave that has opened', () => {
    const before = seen([{ version: 'v2', from: 'v1', state: 'Checking', waves: WAVES, wave: -1 }]);
    const open = seen([{ version: 'v2', from: 'v1', state: 'Canary', waves: WAVES, wave: 0 }]);
    expect(told(before, open)).toEqual(['release 2 is Canary', 'release 2 wave 1 of 2 opens: 1 pipeline']);
    const back = seen([
      { version: 'v2', from: 'v1', state: 'RolledBack', reason: 'it is bad', waves: WAVES, wave: 0 },
    ]);
    expect(told(open, back)).toEqual(['release 2 is RolledBack: it is bad']);
  });

  it('is no wave of a first release: it goes to everybody at once', () => {
    expect(told(NOTHING_SEEN, seen([{ version: 'v1', state: 'Rolling', waves: WAVES, wave: 0 }]))).toEqual([
      'release 1 is Rolling',
    ]);
  });

  it('is who runs another release now, and how many do by then', () => {
    const before = seen([], { a: 'v2', b: 'v1', c: 'v1', d: 'v1' });
    expect(told(before, seen([], { a: 'v2', c: 'v2', b: 'v2', d: 'v1' }))).toEqual([
      'release 2 runs in b c (3 in all)',
    ]);
  });

  it('is that everybody has gone back', () => {
    const before = seen([{ version: 'v2', state: 'RolledBack', returned: false, redriven: 2 }]);
    expect(told(before, seen([{ version: 'v2', state: 'RolledBack', returned: true, redriven: 3 }]))).toEqual(
      ['release 2 is out of every pipeline again, 3 dead letters sent again'],
    );
  });
});
