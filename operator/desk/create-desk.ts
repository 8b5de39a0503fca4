import type { Stage } from '../stage/stage.ts';
import type { Desk } from '../views/desk.ts';

/** All that people do to a stage; each part is made of it. */
export function createDesk({ stage, region, isLocal }: Stage): Desk {
  return { stage, region, isLocal } as Desk;
}
