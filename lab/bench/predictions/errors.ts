import { median } from '../statistics.ts';
import type { Reckoned } from './envelope.ts';
import type { Trial } from './trial.ts';

/** How far predictions were from the truth, as shares of the truth. */
export interface Errors {
  readonly median: number;
  readonly worst: number;
}

/** What some trials come to. */
export interface Summary {
  readonly finish: Errors;
  readonly peak: Errors;
  readonly envelope: { readonly finish: Errors; readonly peak: Errors };
  /** Share of finishes that lay within the range that was stated. */
  readonly inRange: number;
  /** Length of that range, as a share of the predicted finish, median. */
  readonly rangeLength: number;
  /** Share of peaks that were no higher than predicted. */
  readonly notAbove: number;
}

/** @throws RangeError if there are no trials */
export function summarize(trials: readonly Trial[]): Summary {
  const errorsOf = (of: 'predicted' | 'envelope', what: keyof Reckoned) =>
    errors(trials.map((trial) => relativeError(trial[of][what], trial.truth[what])));
  const share = (holds: (trial: Trial) => boolean) => trials.filter(holds).length / trials.length;
  return {
    finish: errorsOf('predicted', 'finishSeconds'),
    peak: errorsOf('predicted', 'peak'),
    envelope: { finish: errorsOf('envelope', 'finishSeconds'), peak: errorsOf('envelope', 'peak') },
    inRange: share(({ truth, fromSeconds, toSeconds }) => {
      return truth.finishSeconds >= fromSeconds && truth.finishSeconds <= toSeconds;
    }),
    rangeLength: median(
      trials.map(
        ({ fromSeconds, toSeconds, predicted }) => (toSeconds - fromSeconds) / predicted.finishSeconds,
      ),
    ),
    notAbove: share(({ truth, predicted }) => truth.peak <= predicted.peak),
  };
}

/** @param truth not zero */
export function relativeError(said: number, truth: number): number {
  return Math.abs(said - truth) / truth;
}

function errors(shares: readonly number[]): Errors {
  return { median: median(shares), worst: Math.max(...shares) };
}
