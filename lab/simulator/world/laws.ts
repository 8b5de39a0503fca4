import type { Chance } from '../chance.ts';
import type { VirtualClock } from '../clock.ts';
import type { Nature } from './nature.ts';

/** What every part of this AWS goes by. */
export interface Laws {
  readonly clock: VirtualClock;
  /** The part's own: how often one part asks changes nothing for the others. */
  readonly chance: Chance;
  readonly nature: Nature;
}
