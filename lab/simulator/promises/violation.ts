/** A promise that did not hold, and how. */
export interface Violation {
  readonly promise: string;
  readonly what: string;
}

export function violation(promise: string, what: string): Violation {
  return { promise, what };
}
