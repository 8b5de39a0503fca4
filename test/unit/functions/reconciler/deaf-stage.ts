import type { Ports } from '../../../../aws/ports.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { stageWith } from '../simulated-stage.ts';
import { tick } from './tick.ts';

/** A stage whose pipeline runs nothing, and whose listener hears of no end. */
export async function deafStage(record: Record<string, unknown> = {}): Promise<World> {
  const world = await stageWith({ pipelineId: 'p', paused: true, ...record });
  world.bursts.onEnd = () => {};
  return world;
}

/** Ticks once a minute for so long; what each did for bursts, summed. */
export async function ticks(world: World, minutes: number, change?: (ports: Ports) => Ports) {
  const sum = { looked: 0, ended: 0, driven: 0 };
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.pass(60);
    const { bursts } = await tick(world, change);
    sum.looked += bursts.looked;
    sum.ended += bursts.ended;
    sum.driven += bursts.driven;
  }
  return sum;
}
