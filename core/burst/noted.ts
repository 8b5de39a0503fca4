/**
 * What is noted of a round under way, in one set of numbers, so that a call and the tasks of it that SQS has refused
 * for good are noted by one write: a call by its number, a task as -1 minus its place in the round.
 */
export interface Noted {
  readonly calls: ReadonlySet<number>;
  /** By their index in the burst. */
  readonly refused: readonly number[];
}

/** @param fromIndex where the round begins */
export function notedNumbers(call: number, refused: readonly number[], fromIndex: number): number[] {
  return [call, ...refused.map((index) => -1 - (index - fromIndex))];
}

export function readNoted(numbers: readonly number[], fromIndex: number): Noted {
  return {
    calls: new Set(numbers.filter((number) => number >= 0)),
    refused: numbers.filter((number) => number < 0).map((number) => fromIndex - 1 - number),
  };
}
