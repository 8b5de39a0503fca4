import type { Scenario } from '../scenario.ts';
import type { Outcome } from '../world.ts';

/** What is wrong with an outcome: a line for each thing, none if all is well. */
export type Check = (outcome: Outcome, scenario: Scenario) => readonly string[];

/** Of many lines the first few, and how many more there are. */
export function some(lines: readonly string[], most = 3): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} more`];
}

/** Seconds since the world began, for people. */
export function at({ book }: Outcome, timeMs: number): string {
  return `${((timeMs - book.beginMs) / 1000).toFixed(3)} s`;
}
