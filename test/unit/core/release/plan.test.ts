import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reaches } from '../../../../core/release/line.ts';
import { expectedEndMs, planWaves, singleWave } from '../../../../core/release/plan.ts';
import { newWalk, type Wave } from '../../../../core/release/record.ts';
import { NOW_MS } from '../lifecycle/records.ts';

interface Fleet {
  readonly count: number;
  readonly marked: number;
}
const fleet: fc.Arbitrary<Fleet> = fc
  .tuple(fc.nat(250), fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(250)))
  .map(([count, marked]) => ({ count, marked: Math.min(count, marked) }));
const settings = fc.record({
  canaryShare: fc.oneof(fc.constantFrom(0, 0.01, 0.07, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  growth: fc.oneof(fc.constantFrom(1, 2, 5, 1000), fc.double({ min: 1, max: 10, noNaN: true })),
});

function followersOf({ count, marked }: Fleet) {
  return Array.from({ length: count }, (_, index) => ({ pipelineId: `p${index}`, canary: index < marked }));
}

const planOf = (of: Fleet, canaryShare: number, growth: number) =>
  planWaves(followersOf(of), 'v1', { canaryShare, growth });
const sizesOf = (waves: readonly Wave[]) => waves.map(({ pipelines }) => pipelines);

describe('the waves of a rollout', () => {
  it('are at most 20, reach together everybody once, each at least one, the last one all', () => {
    fc.assert(
      fc.property(fleet, settings, (of, { canaryShare, growth }) => {
        fc.pre(of.count > 0);
        const waves = planOf(of, canaryShare, growth);
        const sizes = sizesOf(waves);
        expect(waves.length).toBeLessThanOrEqual(20);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(of.count);
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1);
        expect(waves.at(-1)).toMatchObject({ reach: 1, canaries: true });
      }),
      { numRuns: 200 },
    );
  });

  it('reach exactly whom they count: by the line’s own order, wave after wave', () => {
    fc.assert(
      fc.property(fleet, settings, (of, { canaryShare, growth }) => {
        let told = 0;
        for (const { reach, canaries, pipelines } of planOf(of, canaryShare, growth)) {
          told += pipelines;
          const next = { version: 'v1', reach, canaries };
          expect(followersOf(of).filter((each) => reaches(next, each))).toHaveLength(told);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('begin with those marked, else with a share of all and at least one', () => {
    fc.assert(
      fc.property(fleet, settings, (of, { canaryShare, growth }) => {
        fc.pre(of.count > 0);
        const share = Math.max(1, Math.ceil(of.count * canaryShare - 1e-9));
        const [first] = planOf(of, canaryShare, growth);
        expect(first?.pipelines).toBe(of.marked > 0 ? of.marked : share);
        if (of.marked > 0 && of.marked < of.count) expect(first).toMatchObject({ reach: 0, canaries: true });
      }),
      { numRuns: 200 },
    );
  });

  it('never shrink but for the last, and grow by the factor within half a pipeline', () => {
    fc.assert(
      fc.property(fleet, settings, (of, { canaryShare, growth }) => {
        const sizes = sizesOf(planOf(of, canaryShare, growth));
        const first = sizes[0] ?? 0;
        for (const [index, size] of sizes.slice(0, -1).entries()) {
          expect(Math.abs(size - first * growth ** index)).toBeLessThanOrEqual(0.5 + 1e-6);
        }
        if (sizes.length === 20) return;
        expect(sizes.at(-1)).toBeLessThanOrEqual(first * growth ** (sizes.length - 1) + 0.5 + 1e-6);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    { of: { count: 1000, marked: 0 }, canaryShare: 0.01, growth: 5, sizes: [10, 50, 250, 690] },
    { of: { count: 1000, marked: 3 }, canaryShare: 0.01, growth: 5, sizes: [3, 15, 75, 375, 532] },
    { of: { count: 12, marked: 0 }, canaryShare: 0.01, growth: 5, sizes: [1, 5, 6] },
    { of: { count: 12, marked: 12 }, canaryShare: 0.01, growth: 5, sizes: [12] },
    { of: { count: 1, marked: 0 }, canaryShare: 0, growth: 1, sizes: [1] },
    { of: { count: 5, marked: 0 }, canaryShare: 0, growth: 1, sizes: [1, 1, 1, 1, 1] },
    { of: { count: 5, marked: 2 }, canaryShare: 0, growth: 1, sizes: [2, 2, 1] },
    { of: { count: 10, marked: 0 }, canaryShare: 1, growth: 5, sizes: [10] },
    // 0.07 × 100 is a little more than 7 to a computer.
    { of: { count: 100, marked: 0 }, canaryShare: 0.07, growth: 3, sizes: [7, 21, 63, 9] },
    { of: { count: 10, marked: 0 }, canaryShare: 0, growth: 1.5, sizes: [1, 2, 2, 3, 2] },
    // However little they grow, the twentieth takes all that are left.
    { of: { count: 20, marked: 0 }, canaryShare: 0, growth: 1, sizes: Array(20).fill(1) },
    { of: { count: 100, marked: 0 }, canaryShare: 0, growth: 1, sizes: [...Array(19).fill(1), 81] },
    { of: { count: 100, marked: 2 }, canaryShare: 0, growth: 1, sizes: [...Array(19).fill(2), 62] },
  ])('of $of.count pipelines, $of.marked marked, from $canaryShare by $growth: $sizes', (one) => {
    expect(sizesOf(planOf(one.of, one.canaryShare, one.growth))).toEqual(one.sizes);
  });

  it('are a single one without pipelines where nobody follows yet: somebody may come', () => {
    const all: Wave = { reach: 1, canaries: true, pipelines: 0 };
    expect(planOf({ count: 0, marked: 0 }, 0.01, 5)).toEqual([all]);
    expect(singleWave(0)).toEqual([all]);
    expect(singleWave(7)).toEqual([{ ...all, pipelines: 7 }]);
  });
});

describe('the expected end', () => {
  const waves = planOf({ count: 100, marked: 0 }, 0.1, 3); // 10, 30, 60
  const told = (count: number) => ({ ...newWalk(NOW_MS), told: count });
  const secondsFromNow = (at: Pick<Parameters<typeof expectedEndMs>[0], 'wave' | 'toldAtMs' | 'walk'>) =>
    (expectedEndMs({ waves, ...at }, 300, 10, NOW_MS) - NOW_MS) / 1000;

  it.each([
    { when: 'before the first wave', at: { wave: -1 }, seconds: 10 + 3 * 300 },
    { when: 'with nobody of the first told', at: { wave: 0, walk: told(0) }, seconds: 10 + 3 * 300 },
    { when: 'with half of the first told', at: { wave: 0, walk: told(5) }, seconds: 9.5 + 3 * 300 },
    { when: 'as the first bakes', at: { wave: 0, toldAtMs: NOW_MS - 60_000 }, seconds: 240 + 9 + 2 * 300 },
    { when: 'with more told than planned', at: { wave: 1, walk: told(99) }, seconds: 6 + 2 * 300 },
    { when: 'as the last bakes', at: { wave: 2, toldAtMs: NOW_MS - 299_000 }, seconds: 1 },
    { when: 'long after it', at: { wave: 2, toldAtMs: NOW_MS - 9_000_000 }, seconds: 0 },
    { when: 'when all waves are over', at: { wave: 3 }, seconds: 0 },
  ])('is what is left to tell at the budget’s pace, and the bakes: $when', ({ at, seconds }) => {
    expect(secondsFromNow(at)).toBeCloseTo(seconds, 6);
  });
});
