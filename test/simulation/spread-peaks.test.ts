import { describe, expect, it } from '@jest/globals';
import { median } from '../../lab/bench/statistics.ts';
import { constantDurations, lognormalDurations } from '../../lab/simulator/spread/durations.ts';
import {
  evenInPhase,
  evenSeconds,
  type Policy,
  randomSeconds,
  slotsInPhase,
} from '../../lab/simulator/spread/policies.ts';
import { peakRatios, type Scene } from '../../lab/simulator/spread/trial.ts';

const SEEDS = 30;
const SHORT = { count: 1_000, window: { minSeconds: 10, maxSeconds: 100 } };
const LONG = { count: 10_000, window: { minSeconds: 0, maxSeconds: 900 } };
const CONSTANT = constantDurations(3);
const LOGNORMAL = lognormalDurations(3, 0.5);

const ratioOf = (policy: Policy, scene: Scene) => median(peakRatios(policy, scene, SEEDS));

describe('the median peak over 30 seeds, with delivery that is up to 100 ms late', () => {
  it.each<[string, Policy, Scene, number]>([
    ['1,000 tasks of 3 s over 91 s', evenInPhase, { bursts: 1, ...SHORT, durations: CONSTANT }, 1.1],
    ['10,000 tasks of 3 s over 901 s', evenInPhase, { bursts: 1, ...LONG, durations: CONSTANT }, 1.1],
    ['1,000 lognormal tasks', evenInPhase, { bursts: 1, ...SHORT, durations: LOGNORMAL }, 1.4],
    ['10,000 lognormal tasks', evenInPhase, { bursts: 1, ...LONG, durations: LOGNORMAL }, 1.4],
    ['1,000 that say how long they take', slotsInPhase, { bursts: 1, ...SHORT, durations: LOGNORMAL }, 1.15],
    ['10,000 that say how long they take', slotsInPhase, { bursts: 1, ...LONG, durations: LOGNORMAL }, 1.15],
  ])('of %s is near the ideal', (_, policy, scene, most) => {
    expect(ratioOf(policy, scene)).toBeLessThanOrEqual(most);
  });

  it('of two bursts that are handed over at the same moment is no further from the ideal than that of one', () => {
    const one = ratioOf(evenInPhase, { bursts: 1, ...SHORT, durations: CONSTANT });
    const two = ratioOf(evenInPhase, { bursts: 2, ...SHORT, durations: CONSTANT });
    expect(two).toBeLessThanOrEqual(one);
  });

  it('of twenty small bursts of the same moment is a quarter below that of even whole seconds', () => {
    const scene = { bursts: 20, count: 50, window: SHORT.window, durations: CONSTANT };
    expect(ratioOf(evenInPhase, scene)).toBeLessThanOrEqual(0.8 * ratioOf(evenSeconds, scene));
  });

  it('is as high as is known of random whole seconds: the simulation is no kinder than the world', () => {
    const short = ratioOf(randomSeconds, { bursts: 1, ...SHORT, durations: CONSTANT });
    const long = ratioOf(randomSeconds, { bursts: 1, ...LONG, durations: CONSTANT });
    expect(Math.abs(short - 1.5)).toBeLessThanOrEqual(0.1);
    expect(Math.abs(long - 1.7)).toBeLessThanOrEqual(0.1);
  });
});
