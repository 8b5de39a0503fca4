import { describe, expect, it } from '@jest/globals';
import { planBurst } from '../../core/spread/plan-burst.ts';
import { median } from '../../lab/bench/statistics.ts';
import { Chance } from '../../lab/simulator/chance.ts';
import { constantDurations, lognormalDurations } from '../../lab/simulator/spread/durations.ts';
import {
  estimateOf,
  evenInPhase,
  evenSeconds,
  MODELLED,
  type Policy,
  randomSeconds,
  slotsInPhase,
} from '../../lab/simulator/spread/policies.ts';
import { peakRatios, type Scene, tryPolicy } from '../../lab/simulator/spread/trial.ts';

const SEEDS = 30;
const SHORT = { bursts: 1, count: 1_000, window: { minSeconds: 10, maxSeconds: 100 } };
const LONG = { bursts: 1, count: 10_000, window: { minSeconds: 0, maxSeconds: 900 } };
const CONSTANT = constantDurations(3);
const LOGNORMAL = lognormalDurations(3, 0.5);

/** They reckon a good deal, on machines that have other things to do. */
const TIMEOUT_MS = 120_000;

const ratioOf = async (policy: Policy, scene: Scene, seeds = SEEDS) =>
  median(await peakRatios(policy, scene, seeds));

describe('the median peak over 30 seeds, with delivery that is up to 100 ms late', () => {
  it.each<[string, Policy, Scene, number]>([
    ['1,000 tasks of 3 s over 91 s', MODELLED.evenInPhase, { ...SHORT, durations: CONSTANT }, 1.1],
    ['10,000 tasks of 3 s over 901 s', MODELLED.evenInPhase, { ...LONG, durations: CONSTANT }, 1.1],
    ['1,000 lognormal tasks', MODELLED.evenInPhase, { ...SHORT, durations: LOGNORMAL }, 1.4],
    ['10,000 lognormal tasks', MODELLED.evenInPhase, { ...LONG, durations: LOGNORMAL }, 1.4],
    ['1,000 that say how long they take', MODELLED.slotsInPhase, { ...SHORT, durations: LOGNORMAL }, 1.15],
    ['10,000 that say how long they take', MODELLED.slotsInPhase, { ...LONG, durations: LOGNORMAL }, 1.15],
  ])(
    'of %s is near the ideal',
    async (_, policy, scene, most) => {
      expect(await ratioOf(policy, scene)).toBeLessThanOrEqual(most);
    },
    TIMEOUT_MS,
  );

  it(
    'of two bursts that are handed over at the same moment is no further from the ideal than that of one',
    async () => {
      const one = await ratioOf(MODELLED.evenInPhase, { ...SHORT, durations: CONSTANT });
      const two = await ratioOf(MODELLED.evenInPhase, { ...SHORT, bursts: 2, durations: CONSTANT });
      expect(two).toBeLessThanOrEqual(one);
    },
    TIMEOUT_MS,
  );

  it(
    'of twenty small bursts of the same moment is a fifth below that of even whole seconds',
    async () => {
      const scene = { ...SHORT, bursts: 20, count: 50, durations: CONSTANT };
      const inPhase = await ratioOf(MODELLED.evenInPhase, scene);
      expect(inPhase).toBeLessThanOrEqual(0.8 * (await ratioOf(evenSeconds, scene)));
    },
    TIMEOUT_MS,
  );

  it(
    'is as high as is known of random whole seconds: the simulation is no kinder than the world',
    async () => {
      const short = await ratioOf(randomSeconds, { ...SHORT, durations: CONSTANT });
      const long = await ratioOf(randomSeconds, { ...LONG, durations: CONSTANT });
      expect(Math.abs(short - 1.5)).toBeLessThanOrEqual(0.1);
      expect(Math.abs(long - 1.7)).toBeLessThanOrEqual(0.1);
    },
    TIMEOUT_MS,
  );
});

describe('the predicted peak of tasks that take how long they like', () => {
  it.each([
    ['1,000', SHORT, 0.3],
    ['1,000', SHORT, 0.5],
    ['1,000', SHORT, 1],
  ])(
    'is kept by three of four bursts, and no tenth too high: %s, %j, σ %d',
    async (_, burst, sigma) => {
      const scene = { ...burst, durations: lognormalDurations(3, sigma) };
      const runs = await Promise.all(
        Array.from({ length: SEEDS }, async (_none, seed) => ({
          ...(await tryPolicy(MODELLED.evenInPhase, scene, seed)),
          predicted: predictedPeak(scene, seed),
        })),
      );
      expect(runs.filter(({ peak, predicted }) => peak <= predicted).length).toBeGreaterThan(0.75 * SEEDS);
      const shares = runs.map(({ peak, predicted }) => predicted / peak);
      expect(median(shares)).toBeLessThanOrEqual(1.1);
    },
    TIMEOUT_MS,
  );
});

function predictedPeak({ durations, count, window }: Scene, seed: number): number {
  const chance = new Chance(seed, 'durations 0');
  const durationsSeconds = Array.from({ length: count }, () => durations.draw(chance));
  const { plan } = planBurst({
    ...{ count, goal: window, estimate: estimateOf({ durationsSeconds }, 'measured'), random: () => 0.5 },
    bounds: { concurrency: 1000, rateLimits: [], backlog: 0 },
  });
  return plan.predicted.peakConcurrency;
}

describe('the trigger’s own sending', () => {
  it.each<[string, Policy, Scene, number]>([
    ['1,000 tasks of 3 s', evenInPhase, { ...SHORT, durations: CONSTANT }, 1.1],
    ['1,000 that say how long they take', slotsInPhase, { ...SHORT, durations: LOGNORMAL }, 1.15],
  ])(
    'comes as near the ideal as the model of it: %s',
    async (_, policy, scene, most) => {
      expect(await ratioOf(policy, scene, 9)).toBeLessThanOrEqual(most);
    },
    TIMEOUT_MS,
  );
});
