import { createEstimator, type MeasuredTasks, type Said } from '../../../core/spread/estimate.ts';
import type { Chance } from '../../simulator/chance.ts';
import { type Durations, lognormalDurations } from '../../simulator/spread/durations.ts';
import { percentile } from '../statistics.ts';

/** What is known of tasks before they run, and how long they then take. */
export interface Knowledge {
  readonly name: string;
  /** Whether they were measured, or say it themselves. */
  readonly isKnown: boolean;
  /** Mean of what they take, seconds. */
  readonly meanSeconds: number;
  /** What a task says of itself. */
  say(tookSeconds: number, chance: Chance): Said;
  readonly hasMeasured: boolean;
}

const USUAL_SECONDS = 3;
const BYTES_PER_SECOND = 100_000;
const SIZES = lognormalDurations(1, 0.2);

export const KNOWLEDGE: readonly Knowledge[] = [
  {
    ...{ name: 'each says what it takes', isKnown: true, meanSeconds: USUAL_SECONDS, hasMeasured: false },
    say: (estimatedSeconds) => ({ estimatedSeconds }),
  },
  {
    ...{
      name: 'each says so, up to 20 % off',
      isKnown: true,
      meanSeconds: USUAL_SECONDS,
      hasMeasured: false,
    },
    say: (seconds, chance) => ({ estimatedSeconds: seconds * chance.between(0.8, 1.2) }),
  },
  {
    ...{
      name: 'bytes, seconds per byte measured',
      isKnown: true,
      meanSeconds: USUAL_SECONDS,
      hasMeasured: true,
    },
    say: (seconds, chance) => ({ sizeBytes: seconds * BYTES_PER_SECOND * SIZES.draw(chance) }),
  },
  {
    ...{ name: 'mean and p95 measured', isKnown: true, meanSeconds: USUAL_SECONDS, hasMeasured: true },
    say: () => ({}),
  },
  {
    ...{ name: 'nothing: taken for 1 s, take 2 s', isKnown: false, meanSeconds: 2, hasMeasured: false },
    say: () => ({}),
  },
  {
    ...{ name: 'nothing: taken for 1 s, take 0.5 s', isKnown: false, meanSeconds: 0.5, hasMeasured: false },
    say: () => ({}),
  },
];

/** A pipeline has measured so many tasks before. */
const TASKS_BEFORE = 200;
const TIMEOUT_SECONDS = 60;

/** What the trigger makes of what it knows. */
export function estimateBy(
  knowledge: Knowledge,
  tookSeconds: readonly number[],
  durations: Durations,
  chance: Chance,
) {
  const measured = knowledge.hasMeasured ? measuredBefore(knowledge, durations, chance) : undefined;
  const estimator = createEstimator(measured, TIMEOUT_SECONDS);
  const durationsSeconds = tookSeconds.map((seconds) => estimator.add(knowledge.say(seconds, chance)));
  return { estimate: estimator.estimate(), durationsSeconds };
}

function measuredBefore(knowledge: Knowledge, durations: Durations, chance: Chance): MeasuredTasks {
  const took = Array.from({ length: TASKS_BEFORE }, () => durations.draw(chance));
  const seconds = sum(took);
  const bytes = sum(took.map((one) => knowledge.say(one, chance).sizeBytes ?? 0));
  return {
    meanSeconds: seconds / TASKS_BEFORE,
    p95Seconds: percentile(took, 0.95),
    ...(bytes > 0 && { secondsPerByte: seconds / bytes }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
