import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeBursts } from './bursts.ts';
import { describeCodeBucket } from './code-bucket.ts';
import { describeFunctions } from './consumer-functions.ts';
import { describeGroups } from './groups.ts';
import { describeLedgers } from './ledgers.ts';
import { describeMappings } from './mappings.ts';
import { describeRecords } from './records.ts';
import { describeReleases } from './releases.ts';
import { describeStorage } from './storage.ts';
import { describeTasks } from './task-messages.ts';
import { describeTaskObjects } from './task-objects.ts';
import { describeQueues } from './task-queues.ts';
import type { Capabilities, GetWorld, PortWorld } from './world.ts';

/**
 * The rules that every implementation of aws/ports.ts keeps.
 * @param makeWorld called once; what it needs to be undone is undone by `stop`
 */
export function describePorts(
  name: string,
  capabilities: Capabilities,
  makeWorld: () => Promise<{ readonly world: PortWorld; stop(): Promise<void> }>,
): void {
  describe(`ports on ${name}`, () => {
    let made: Awaited<ReturnType<typeof makeWorld>> | undefined;
    const world: GetWorld = () => {
      if (!made) throw new Error('the world is made before the first test');
      return made.world;
    };
    beforeAll(async () => {
      made = await makeWorld();
    }, 120_000);
    afterAll(async () => {
      await made?.stop();
    }, 30_000);

    describeRecords(world);
    describeLedgers(world);
    describeGroups(world);
    describeQueues(world, capabilities);
    describeTasks(world, capabilities);
    describeFunctions(world, capabilities);
    describeMappings(world, capabilities);
    describeStorage(world);
    describeCodeBucket(world);
    describeReleases(world);
    describeBursts(world);
    describeTaskObjects(world);
  });
}
