import type { Prediction } from './plan.ts';

/** Seconds as people are told them: to the millisecond. Nobody could see less, and no estimate is as good. */
export function roundSeconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** A prediction as it is kept and told; plans are made by the exact one. */
export function roundPrediction({
  finishSeconds,
  finishRange,
  waitSeconds,
  ...rest
}: Prediction): Prediction {
  return {
    ...rest,
    finishSeconds: roundSeconds(finishSeconds),
    finishRange: {
      fromSeconds: roundSeconds(finishRange.fromSeconds),
      toSeconds: roundSeconds(finishRange.toSeconds),
    },
    waitSeconds: roundSeconds(waitSeconds),
  };
}
