import fc from 'fast-check';
import {
  admit,
  admittedVersion,
  EMPTY_LINE,
  type Follower,
  finish,
  type ReleaseLine,
  rollBack,
  stop,
  widen,
} from '../../../../core/release/line.ts';

/** What can happen to a line and to those who follow it, in any order. */
type Happening =
  | { readonly kind: 'admit'; readonly version: string }
  | { readonly kind: 'widen'; readonly reach: number; readonly canaries: boolean }
  | { readonly kind: 'finish' | 'rollBackNext' | 'rollBackStable' | 'rollBackKept' | 'stop' }
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
      kind: fc.constantFrom('finish', 'rollBackNext', 'rollBackStable', 'rollBackKept', 'stop'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('run' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mark' as const), who }) },
);
export const happenings = fc.array(happening, { maxLength: 60, size: 'max' });

export function versions() {
  return fc.nat(6).map((number) => `v${number}`);
}

export interface World {
  readonly line: ReleaseLine;
  readonly followers: readonly Follower[];
  /** Rolled back, superseded or stopped, and not on its way or stable again since. */
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
    case 'stop':
      return moved(world, stop(line, version), version);
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
export function worlds(all: readonly Happening[]): World[] {
  const seen = [START];
  for (const each of all) seen.push(happen(seen.at(-1) as World, each));
  return seen;
}

export const worldAfter = (all: readonly Happening[]) => worlds(all).at(-1) as World;
