import type { Ports } from '../../../../aws/ports.ts';
import { isSame } from '../../../../core/config-record/changes.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { STAGE } from '../../../../lab/simulator/world/world.ts';
import { createPipelineDesk } from '../../../../operator/desk/pipelines.ts';
import type { StagePorts } from '../../../../operator/stage/stage.ts';
import type { PipelineDesk } from '../../../../operator/views/desk.ts';
import { run } from '../../functions/simulated-stage.ts';

/** What a test says of the world besides what is in it. */
interface Odds {
  /** Or why nobody can say. */
  readonly accountRunning?: number | Error;
  /** Comes just before each edit: somebody else is quicker. */
  readonly beforePut?: () => void;
  readonly purge?: StagePorts['purge'];
  /** The last call that failed before its tasks. */
  readonly failure?: { readonly atMs: number; readonly message: string };
}

/** The ports of people's tools in a simulated account. */
export function peoplesPorts(world: World, ports: Ports, odds: Odds = {}): StagePorts {
  return {
    ...ports,
    tables: {
      configs: async () => [...world.configs.records.values()],
      statuses: async () => [...world.statuses.records.values()],
      groups: async () => {
        const ids = [...world.configs.records.keys()];
        const groups = ids.map((id) => [id, world.holds.read(id)] as const);
        return new Map(groups.flatMap(([id, group]) => (group === undefined ? [] : [[id, group] as const])));
      },
    },
    edits: {
      async put(record, expected) {
        odds.beforePut?.();
        const id = String(record.pipelineId);
        if (!isSame(world.configs.read(id), expected)) return 'conflict';
        world.configs.put(id, record);
        return 'put';
      },
      async remove(pipelineId) {
        const wasThere = world.configs.read(pipelineId) !== undefined;
        world.configs.remove(pipelineId);
        return wasThere ? 'removed' : 'none';
      },
    },
    purge: odds.purge ?? (async () => 'purged'),
    async accountRunning() {
      if (odds.accountRunning instanceof Error) throw odds.accountRunning;
      return odds.accountRunning;
    },
    async consumerFailures() {
      return odds.failure;
    },
  };
}

/** Does something at the desk, while virtual time passes. */
export function atDesk<T>(
  world: World,
  work: (desk: PipelineDesk) => Promise<T>,
  odds: Odds = {},
): Promise<T> {
  return run(world, (ports) =>
    work(createPipelineDesk({ stage: STAGE, ports: peoplesPorts(world, ports, odds) })),
  );
}
