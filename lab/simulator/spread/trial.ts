import { type Interval, peakOf } from '../../../core/spread/curve.ts';
import type { SpreadWindow } from '../../../core/spread/plan.ts';
import { Chance } from '../chance.ts';
import type { Durations } from './durations.ts';
import type { Policy } from './policies.ts';
import { OPEN_PIPELINE, runTasks } from './running.ts';
import { USUAL_LINE } from './sending.ts';

/** Bursts that are handed over at the same moment. */
export interface Scene {
  readonly bursts: number;
  /** Tasks of each. */
  readonly count: number;
  readonly window: SpreadWindow;
  readonly durations: Durations;
}

export interface Peak {
  readonly peak: number;
  /** No way to spread them has a lower one: `N · d / (W + d)`, by the mean of the durations that were drawn. */
  readonly ideal: number;
}

/** Hands the bursts of a scene over by a policy, and has their tasks run. The same seed has the same durations. */
export async function tryPolicy(policy: Policy, scene: Scene, seed: number): Promise<Peak> {
  const all: Interval[] = [];
  let workSeconds = 0;
  for (let burst = 0; burst < scene.bursts; burst += 1) {
    const times = new Chance(seed, `durations ${burst}`);
    const durationsSeconds = Array.from({ length: scene.count }, () => scene.durations.draw(times));
    const chance = new Chance(seed, `${policy.name} ${burst}`);
    const sent = await policy.send({ window: scene.window, durationsSeconds }, USUAL_LINE, chance);
    for (const interval of runTasks(sent, durationsSeconds, OPEN_PIPELINE, chance)) all.push(interval);
    for (const seconds of durationsSeconds) workSeconds += seconds;
  }
  const { minSeconds, maxSeconds } = scene.window;
  const meanSeconds = workSeconds / (scene.bursts * scene.count);
  return { peak: peakOf(all).running, ideal: workSeconds / (maxSeconds - minSeconds + 1 + meanSeconds) };
}

/** What a policy's peaks are as multiples of the ideal, over some seeds. */
export async function peakRatios(policy: Policy, scene: Scene, seeds: number): Promise<number[]> {
  const ratios: number[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { peak, ideal } = await tryPolicy(policy, scene, seed);
    ratios.push(peak / ideal);
  }
  return ratios;
}
