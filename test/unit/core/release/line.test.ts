import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  admit,
  admittedVersion,
  EMPTY_LINE,
  type Follower,
  finish,
  positionOf,
  type ReleaseLine,
  reaches,
  releaseFact,
  releaseLineSchema,
  rollBack,
  versionsOf,
  widen,
} from '../../../../core/release/line.ts';

/** What can happen to a line and to those who follow it, in any order. */
type Happening =
  | { readonly kind: 'admit'; readonly version: string }
  | { readonly kind: 'widen'; readonly reach: number; readonly canaries: boolean }
  | { readonly kind: 'finish' | 'rollBackNext' | 'rollBackStable' | 'rollBackKept' }
  /** A follower asks, and is given what it is answered. */
  | { readonly kind: 'run'; readonly who: number }
  /** Somebody marks a follower, or takes its mark away. */
  | { readonly kind: 'mark'; readonly who: number };

const FOLLOWERS = 12;
const who = fc.nat(FOLLOWERS - 1);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('admit' as const), version: versions() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('widen' as const),
      reach: fc.constantFrom(0, 0.1, 0.3, 0.6, 1),
      canaries: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('finish', 'rollBackNext', 'rollBackStable', 'rollBackKept'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('run' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mark' as const), who }) },
);
const happenings = fc.array(happening, { maxLength: 60, size: 'max' });

function versions() {
  return fc.nat(6).map((number) => `v${number}`);
}

interface World {
  readonly line: ReleaseLine;
  readonly followers: readonly Follower[];
  /** Rolled back or superseded, and not on its way or stable again since. */
  readonly withdrawn: ReadonlySet<string>;
}

const START: World = {
  line: EMPTY_LINE,
  followers: Array.from({ length: FOLLOWERS }, (_, index) => ({
    pipelineId: `p${index}`,
    canary: index < 2,
    version: undefined,
  })),
  withdrawn: new Set(),
};

function happen(world: World, what: Happening): World {
  const { line, followers } = world;
  const version = line.next?.version ?? 'none';
  const change = (who: number, to: (follower: Follower) => Partial<Follower>): World => ({
    ...world,
    followers: followers.map((each, index) => (index === who ? { ...each, ...to(each) } : each)),
  });
  switch (what.kind) {
    case 'run':
      return change(what.who, (follower) => ({ version: admittedVersion(line, follower) }));
    case 'mark':
      return change(what.who, ({ canary }) => ({ canary: !canary }));
    case 'admit':
      // What went all the way is not begun again.
      if (what.version === line.stable || what.version === line.former) return world;
      return moved(world, admit(line, what.version), version === what.version ? undefined : version);
    case 'widen':
      return moved(world, widen(line, version, what), undefined);
    case 'finish':
      return moved(world, finish(line, version), undefined);
    case 'rollBackNext':
      return moved(world, rollBack(line, version), version);
    case 'rollBackKept':
      return moved(world, rollBack(line, line.kept[0] ?? 'none'), line.kept[0]);
    case 'rollBackStable':
      return moved(world, rollBack(line, line.stable ?? 'none'), line.stable);
  }
}

function moved(world: World, line: ReleaseLine | undefined, withdrawn: string | undefined): World {
  if (line === undefined) return world;
  const all = new Set(withdrawn === undefined ? world.withdrawn : [...world.withdrawn, withdrawn]);
  for (const back of [line.next?.version, line.stable]) if (back !== undefined) all.delete(back);
  return { ...world, line, withdrawn: all };
}

/** Every world on the way, the first and the last too. */
function worlds(all: readonly Happening[]): World[] {
  const seen = [START];
  for (const each of all) seen.push(happen(seen.at(-1) as World, each));
  return seen;
}

const worldAfter = (all: readonly Happening[]) => worlds(all).at(-1) as World;

describe('a line', () => {
  it('never hands a release that was rolled back or superseded to somebody who has not got it', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        for (const { line, followers, withdrawn } of worlds(all)) {
          for (const follower of followers) {
            const answer = admittedVersion(line, follower);
            if (answer !== follower.version) expect(withdrawn).not.toContain(answer);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lists every release that it may answer with, and nothing twice among those kept', () => {
    fc.assert(
      fc.property(happenings, versions(), (all, odd) => {
        const { line, followers } = worldAfter(all);
        for (const follower of [...followers, { pipelineId: 'new', canary: false, version: odd }]) {
          const answer = admittedVersion(line, follower);
          if (answer !== undefined) expect(versionsOf(line)).toContain(answer);
        }
        expect(new Set(line.kept).size).toBe(line.kept.length);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no release from anybody by admitting another one, nor by reaching others', () => {
    fc.assert(
      fc.property(happenings, versions(), (all, version) => {
        const { line, followers } = worldAfter(all);
        if (version === line.stable || version === line.former) return;
        const begun = line.next && (line.next.reach > 0 || line.next.canaries) ? [line.next.version] : [];
        const others = [...line.kept, ...begun, line.stable];
        const then = admit(line, version);
        const wider = widen(then, version, { reach: 0.5, canaries: false }) as ReleaseLine;
        for (const follower of followers) {
          if (admittedVersion(line, follower) !== follower.version) continue;
          // One that it still has from a release long over is not its to keep.
          if (!others.includes(follower.version)) continue;
          expect(admittedVersion(then, follower)).toBe(follower.version);
          if (positionOf(follower.pipelineId, version) < 0.5) continue;
          expect(admittedVersion(wider, follower)).toBe(follower.version);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reaches whom it has reached, and more, when it is widened', () => {
    const reach = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(happenings, reach, fc.boolean(), (all, to, canaries) => {
        const { line, followers } = worldAfter(all);
        if (line.next === undefined) return;
        const wider = widen(line, line.next.version, { reach: to, canaries });
        for (const follower of followers) {
          const positions = { ...follower, version: undefined };
          const isIn =
            positionOf(follower.pipelineId, line.next.version) < to || (canaries && follower.canary);
          if (!reaches(line.next, positions) && !isIn) continue;
          expect(admittedVersion(wider as ReleaseLine, follower)).toBe(line.next.version);
        }
      }),
    );
  });

  it('gives everybody the release that went all the way, whatever they had', () => {
    fc.assert(
      fc.property(happenings, versions(), (all, version) => {
        const { line, followers } = worldAfter(all);
        const widened = widen(admit(line, version), version, { reach: 1, canaries: true }) as ReleaseLine;
        const done = finish(widened, version) as ReleaseLine;
        for (const follower of followers) {
          expect(admittedVersion(widened, follower)).toBe(version);
          expect(admittedVersion(done, follower)).toBe(version);
        }
        expect(done).toMatchObject({ stable: version, kept: [] });
        expect(done.former).not.toBe(version);
      }),
    );
  });

  it('gives everybody the stable release once the one on its way is rolled back', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { line, followers } = worldAfter(all);
        if (line.next === undefined) return;
        const back = rollBack(line, line.next.version);
        // A first release has nothing to go back to.
        expect(back === undefined).toBe(line.stable === undefined);
        for (const follower of back ? followers : []) {
          expect(admittedVersion(back as ReleaseLine, follower)).toBe(line.stable);
        }
      }),
    );
  });

  it('gives nobody a stable release that was rolled back, and lets the one on its way go on', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { line, followers } = worldAfter(all);
        const { stable = 'none' } = line;
        if (line.next?.version === stable) return;
        const back = rollBack(line, stable);
        expect(back === undefined).toBe(line.former === undefined);
        if (back === undefined) return;
        expect([back.stable, back.former, back.next]).toEqual([line.former, undefined, line.next]);
        for (const follower of followers) expect(admittedVersion(back, follower)).not.toBe(stable);
      }),
    );
  });

  it('is the same however often a release is admitted, widened or finished', () => {
    fc.assert(
      fc.property(happenings, versions(), (all, version) => {
        const { line } = worldAfter(all);
        const once = admit(line, version);
        expect(admit(once, version)).toBe(once);
        const wave = { reach: 0.3, canaries: true };
        const wider = widen(once, version, wave) as ReleaseLine;
        expect(widen(wider, version, wave)).toEqual(wider);
        const done = finish(wider, version) as ReleaseLine;
        expect(finish(done, version)).toBe(done);
        // As it is stored.
        expect(releaseLineSchema.parse(JSON.parse(JSON.stringify(wider)))).toEqual(wider);
      }),
    );
  });

  it('has nothing to do with a release that is not its own', () => {
    const line: ReleaseLine = {
      stable: 'v2',
      former: 'v1',
      next: { version: 'v3', reach: 1, canaries: true },
      kept: [],
    };
    for (const version of ['v1', 'v4']) {
      expect(widen(line, version, { reach: 1, canaries: true })).toBeUndefined();
      expect(finish(line, version)).toBeUndefined();
      expect(rollBack(line, version)).toBeUndefined();
    }
    expect(admittedVersion(EMPTY_LINE, { pipelineId: 'a', canary: true, version: 'v9' })).toBeUndefined();
  });
});

describe('who has a superseded release', () => {
  const begun = widen(admit({ stable: 'v1', kept: [] }, 'v2'), 'v2', { reach: 0.5, canaries: true });
  const line = admit(begun as ReleaseLine, 'v3');
  const follower = { pipelineId: 'a', canary: false, version: 'v2' };

  it('keeps it until the next one comes by, and straight away gets that one', () => {
    expect(admittedVersion(line, follower)).toBe('v2');
    const reached = widen(line, 'v3', { reach: 1, canaries: true }) as ReleaseLine;
    expect(admittedVersion(reached, follower)).toBe('v3');
  });

  it('keeps it, too, while it is begun once more', () => {
    expect(admittedVersion(admit(line, 'v2'), follower)).toBe('v2');
    expect(admittedVersion(admit(admit(line, 'v2'), 'v4'), follower)).toBe('v2');
  });

  it('goes back where that is found bad all the same, and the one on its way goes on', () => {
    const back = rollBack(line, 'v2');
    expect(back).toEqual({ ...line, kept: [] });
    expect(admittedVersion(back as ReleaseLine, follower)).toBe('v1');
  });

  it('is nobody where it had reached nobody: then it is not kept', () => {
    expect(admit(admit({ stable: 'v1', kept: [] }, 'v2'), 'v3').kept).toEqual([]);
  });

  it('goes back to the stable one after 20 more', () => {
    const superseded = (count: number) =>
      Array.from({ length: count }, (_, index) => `w${index}`).reduce(
        (on, version) => widen(admit(on, version), version, { reach: 0.1, canaries: true }) as ReleaseLine,
        line,
      );
    // The first of them supersedes v3, which has reached nobody.
    expect(admittedVersion(superseded(20), { ...follower, pipelineId: farFromAll(20) })).toBe('v2');
    expect(admittedVersion(superseded(21), { ...follower, pipelineId: farFromAll(21) })).toBe('v1');
  });

  function farFromAll(count: number): string {
    const isFar = (id: string) => positionOf(id, `w${count - 1}`) > 0.1;
    return ['a', 'b', 'c', 'd', 'e', 'f'].find(isFar) as string;
  }

  it('keeps a release on its way when its canary mark is taken away', () => {
    const canaries = widen(admit({ stable: 'v1', kept: [] }, 'v2'), 'v2', { reach: 0, canaries: true });
    const marked = { pipelineId: 'a', canary: true, version: 'v1' };
    expect(admittedVersion(canaries as ReleaseLine, marked)).toBe('v2');
    expect(admittedVersion(canaries as ReleaseLine, { ...marked, canary: false })).toBe('v1');
    const moved = { ...marked, canary: false, version: 'v2' };
    expect(admittedVersion(canaries as ReleaseLine, moved)).toBe('v2');
  });
});

describe('positions', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `customer-${index}`);
  const firstPercent = (version: string) => ids.filter((id) => positionOf(id, version) < 0.01);

  it('are uniform: 1 % of 10,000 is 100, a tenth 1,000, within four standard deviations', () => {
    for (const version of ['v1', 'v2', '3sL4kqtJlcpXroDTDmJ']) {
      expect(Math.abs(firstPercent(version).length - 100)).toBeLessThanOrEqual(40);
      const tenths = Array.from({ length: 10 }, () => 0);
      for (const id of ids) {
        const tenth = Math.floor(positionOf(id, version) * 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
      for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThanOrEqual(120);
    }
  });

  it('are in [0, 1)', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, version) => {
        const position = positionOf(id, version);
        expect(position >= 0 && position < 1).toBe(true);
      }),
    );
  });

  it('are of another order for each release, so that not always the same go first', () => {
    const first = new Set(firstPercent('v1'));
    expect(firstPercent('v2').filter((id) => first.has(id)).length).toBeLessThanOrEqual(6);
  });

  // A rollout that is under way when Sluice is deployed anew goes on in the same order.
  it('never change', () => {
    expect(positionOf('customer-1', 'v1')).toBe(0.5308274304576273);
    expect(positionOf('customer-2', 'v1')).toBe(0.7341902711182762);
  });
});

it('a line has a fact of its own for each code key', () => {
  expect(releaseFact('team/a.zip')).toBe('release#team/a.zip');
});
