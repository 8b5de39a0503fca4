import type { ConsumerFunctions, Ports } from '../../../../aws/ports.ts';
import { trialFunction } from '../../../../core/names.ts';
import { releaseFingerprint } from '../../../../core/release/record.ts';
import type { Behaviour } from '../../../../lab/simulator/world/code-bucket.ts';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import { fleetOf, KEY, steps, uploaded } from './fleet.ts';

export const FINGERPRINT = releaseFingerprint({ key: KEY, version: 'v2' });
export const TRIAL = trialFunction(STAGE, FINGERPRINT);

/** A release that was checked. */
export async function checked(behaviour: Behaviour = {}): Promise<World> {
  const world = await uploaded(await fleetOf(0), 'v2', behaviour);
  await steps(world, ['BeginRollout', 'CheckRelease']);
  return world;
}

/** Functions of which some calls go otherwise. */
export const otherwise =
  (change: (functions: ConsumerFunctions) => Partial<ConsumerFunctions>) => (ports: Ports) => ({
    ...ports,
    functions: Object.assign(Object.create(ports.functions), change(ports.functions)) as ConsumerFunctions,
  });

export const isThere = (world: World) => world.functions.byName.has(TRIAL);
