import type { Ports, RolloutInput } from '../../../../aws/ports.ts';
import { type ReleaseLine, releaseFact } from '../../../../core/release/line.ts';
import { type ReleaseRecord, rolloutName } from '../../../../core/release/record.ts';
import { control } from '../../../../functions/rollout-control/control.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { releaseRecord } from '../release-record.ts';
import { run, stageWith } from '../simulated-stage.ts';

export const KEY = 'consumer.zip';
export const V2 = { key: KEY, version: 'v2' };
/** What the second execution that drives it is called. */
export const SECOND = rolloutName(V2, 2);

/** A stage where v2 is on its way after v1, and a person who can say something to its rollout. */
export async function stageOf(fields: Partial<ReleaseRecord> = {}, line: ReleaseLine = onItsWay(fields)) {
  const world = await stageWith();
  const started: [string, RolloutInput][] = [];
  write(world, { from: 'v1', ...fields });
  world.ledgers.write(releaseFact(KEY), line, 0);
  const say = (input: unknown, change = (ports: Ports) => ports) =>
    run(world, (ports) => control(input, ports), {
      ports: (ports) =>
        change({
          ...ports,
          rollouts: {
            async start(name, release) {
              started.push([name, release]);
              return 'started';
            },
          },
        }),
    });
  return {
    world,
    started,
    say,
    record: (version = 'v2') => recordOf(world, version),
    line: () => world.ledgers.read(releaseFact(KEY))?.value,
  };
}

function onItsWay({ wave = 0 }: Partial<ReleaseRecord>): ReleaseLine {
  return { stable: 'v1', next: { version: 'v2', reach: wave < 0 ? 0 : 0.2, canaries: true }, kept: [] };
}

export function write(world: World, fields: Partial<ReleaseRecord>): void {
  const { state = 'Rolling' } = fields;
  world.releases.write(releaseRecord({ wave: 0, state, announced: state, ...fields }));
}

export function recordOf(world: World, version: string): ReleaseRecord {
  const record = world.releases.read(KEY, version);
  if (record === undefined) throw new Error(`no record of ${version}`);
  return record;
}

export function states(world: World): unknown[] {
  return world.events.published.map(({ detail }) => detail.state);
}
