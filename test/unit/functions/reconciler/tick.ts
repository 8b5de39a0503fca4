import type { Ports, RolloutInput } from '../../../../aws/ports.ts';
import { type ReleaseLine, releaseFact } from '../../../../core/release/line.ts';
import { reconcile } from '../../../../functions/reconciler/reconcile.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { run } from '../simulated-stage.ts';

export const KEY = 'consumer.zip';

/** One tick; beside what it did, what it warned of and which rollouts it started. */
export async function tick(world: World, change = (ports: Ports) => ports) {
  const warnings: string[] = [];
  const rollouts: [string, RolloutInput][] = [];
  const done = await run(world, (ports, deadlineMs) => reconcile(ports, world.settings, deadlineMs), {
    ports: (ports) =>
      change({
        ...ports,
        log: { info: () => {}, warn: (message) => warnings.push(message) },
        rollouts: {
          async start(name, release) {
            rollouts.push([name, release]);
            return 'started';
          },
        },
      }),
    seconds: 55,
  });
  return { ...done, warnings, rollouts };
}

/** Admits releases. */
export function draw(world: World, line: ReleaseLine, key = KEY): void {
  world.ledgers.write(releaseFact(key), line, world.ledgers.read(releaseFact(key))?.revision ?? 0);
}
