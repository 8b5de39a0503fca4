import type { Patch } from './world/world.ts';

/** A deliberate bug: how it gets into the product, and which promise it breaks. */
export interface Bug {
  readonly promise: string;
  readonly what: string;
  readonly patch: () => Patch;
}

export const BUGS: Readonly<Record<string, Bug>> = {};
