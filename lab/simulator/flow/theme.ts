import type { Chance } from '../chance.ts';
import type { Check } from './checks/check.ts';
import type { Scenario } from './scenario.ts';

/** Scenarios of one kind, and what has to be true of each. */
export interface Theme {
  /** The rule, as a sentence. */
  readonly rule: string;
  /** The scenario of a seed. */
  scenario(chance: Chance): Omit<Scenario, 'seed'>;
  readonly checks: Readonly<Record<string, Check>>;
}

export function oneOf<T>(chance: Chance, choices: readonly [T, ...T[]]): T {
  return choices[chance.whole(0, choices.length - 1)] as T;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
