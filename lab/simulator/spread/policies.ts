import type { Estimate } from '../../../core/spread/estimate.ts';
import type { SpreadWindow } from '../../../core/spread/plan.ts';
import { planBurst } from '../../../core/spread/plan-burst.ts';
import type { Chance } from '../chance.ts';
import { sendByTrigger } from './real-sending.ts';
import { type Line, type SentTask, sendAtOnce, sendInPhase } from './sending.ts';

/** A burst that is to be spread over a window, and what its tasks really take. */
export interface SpreadBurst {
  readonly window: SpreadWindow;
  readonly durationsSeconds: readonly number[];
}

/** A way to spread bursts. */
export interface Policy {
  readonly name: string;
  send(burst: SpreadBurst, line: Line, chance: Chance): SentTask[] | Promise<SentTask[]>;
}

/** Each task a uniformly random whole second of the window. */
export const randomSeconds: Policy = {
  name: 'random whole seconds',
  send: ({ window, durationsSeconds }, line, chance) => {
    const delays = durationsSeconds.map(() => chance.whole(window.minSeconds, window.maxSeconds));
    return sendAtOnce(delays, line, chance);
  },
};

/** Every second of the window as many tasks as any other, or one more. */
export const evenSeconds: Policy = {
  name: 'even whole seconds',
  send: ({ window, durationsSeconds }, line, chance) => {
    const seconds = window.maxSeconds - window.minSeconds + 1;
    const count = durationsSeconds.length;
    const delays = durationsSeconds.map(
      (_, index) => window.minSeconds + Math.floor((index * seconds) / count),
    );
    return sendAtOnce(delays, line, chance);
  },
};

/** Sluice's, where nobody knows beforehand how long each task takes. */
export const evenInPhase = inPhase('even, in phase', 'measured', sendByTrigger);

/** Sluice's, where the tasks say so. */
export const slotsInPhase = inPhase('slots, in phase', 'tasks', sendByTrigger);

export const POLICIES: readonly Policy[] = [randomSeconds, evenSeconds, evenInPhase, slotsInPhase];

/** The same two, sent by the model. */
export const MODELLED = {
  evenInPhase: inPhase('even, in phase', 'measured', sendInPhase),
  slotsInPhase: inPhase('slots, in phase', 'tasks', sendInPhase),
};

type Sender = typeof sendInPhase | typeof sendByTrigger;

function inPhase(name: string, source: 'measured' | 'tasks', sender: Sender): Policy {
  return {
    name,
    send: (burst, line, chance) => {
      const { window, durationsSeconds } = burst;
      const { plan } = planBurst({
        ...{ count: durationsSeconds.length, goal: window, estimate: estimateOf(burst, source) },
        bounds: { concurrency: 1000, rateLimits: [], backlog: 0 },
        random: () => chance.next(),
        ...(source === 'tasks' && { durationsSeconds }),
      });
      return sender(plan, durationsSeconds, line, chance);
    },
  };
}

/** What an estimate of these durations says at best. */
export function estimateOf(
  { durationsSeconds }: Pick<SpreadBurst, 'durationsSeconds'>,
  source: 'measured' | 'tasks',
): Estimate {
  const sorted = durationsSeconds.toSorted((a, b) => a - b);
  const meanSeconds = sorted.reduce((sum, seconds) => sum + seconds, 0) / sorted.length;
  const p95Seconds = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? meanSeconds;
  const longestSeconds = sorted.at(-1) ?? meanSeconds;
  return { source, meanSeconds, p95Seconds, ...(source === 'tasks' && { longestSeconds }) };
}
