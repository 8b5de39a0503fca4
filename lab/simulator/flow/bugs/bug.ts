import type { Patch } from '../scenario.ts';

/** A deliberate bug, the scenarios that find it, and the checks that have to report it. */
export interface FlowBug {
  readonly what: string;
  readonly theme: string;
  readonly checks: readonly string[];
  readonly patch: Patch;
}
