import type { Spread } from '../../../core/config-record.ts';
import { peakOf } from '../../../core/spread/curve.ts';
import type { PipelineBounds } from '../../../core/spread/plan.ts';
import { planBurst } from '../../../core/spread/plan-burst.ts';
import { Chance } from '../../simulator/chance.ts';
import { runBounded } from '../../simulator/spread/bounded.ts';
import type { Durations } from '../../simulator/spread/durations.ts';
import { sendInPhase, USUAL_LINE } from '../../simulator/spread/sending.ts';
import { onAnEnvelope, type Reckoned } from './envelope.ts';
import { estimateBy, type Knowledge } from './knowledge.ts';

/** A burst that is planned and run. */
export interface Scene {
  readonly count: number;
  readonly goal: Spread | undefined;
  readonly bounds: PipelineBounds;
  readonly knowledge: Knowledge;
  readonly durations: Durations;
}

/** What was said of a burst, and what came of it. */
export interface Trial {
  readonly predicted: Reckoned;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly envelope: Reckoned;
  readonly truth: Reckoned;
}

const NOISE_MS = 100;

/** Plans the burst by the trigger's planner from what is known, sends it in phase, and has its pipeline work it off. */
export function tryScene({ count, goal, bounds, knowledge, durations }: Scene, seed: number): Trial {
  const chance = new Chance(seed, `${knowledge.name} ${durations.name}`);
  const draw = (tasks: number) => Array.from({ length: tasks }, () => durations.draw(chance));
  const took = draw(count);
  const before = draw(bounds.backlog);
  const { estimate, durationsSeconds } = estimateBy(knowledge, took, durations, chance);
  const request = { count, goal, bounds, estimate, durationsSeconds, random: () => chance.next() };
  // Where a goal is out of reach the nearest plan is sent, as for a record's own.
  const { plan } = planBurst(request);
  const { peakConcurrency, finishSeconds, finishRange } = plan.predicted;
  const sent = sendInPhase(plan, durationsSeconds, USUAL_LINE, chance);
  const ran = runBounded(sent, took, { ...bounds, before, noiseMs: NOISE_MS }, chance);
  return {
    predicted: { finishSeconds, peak: peakConcurrency },
    ...finishRange,
    envelope: onAnEnvelope(count, estimate.meanSeconds, bounds, goal),
    truth: {
      finishSeconds: ran.reduce((latest, { endMs }) => Math.max(latest, endMs), 0) / 1000,
      peak: peakOf(ran).running,
    },
  };
}
