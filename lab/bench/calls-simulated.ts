import { AWS_NATURE } from '../simulator/world/nature.ts';
import { CODE_KEY, World } from '../simulator/world/world.ts';
import { type Cost, OPERATIONS, type Operation } from './operations.ts';

const LIMIT_SECONDS = 3600;
const PAUSE_SECONDS = 300;

/**
 * Plays all operations in the simulator and counts from its records of calls. AWS is as slow as it is, but makes no function
 * fail; the reconciler, whose work belongs to no operation, rests.
 * @returns per operation what it cost each of so many pipelines
 */
export async function countSimulated(pipelines: number): Promise<ReadonlyMap<string, readonly Cost[]>> {
  const world = new World({ seed: 1, reconciles: false, nature: { ...AWS_NATURE, functionFails: 0 } });
  const ids = Array.from({ length: pipelines }, (_, at) => `group-${at + 1}`);
  let release = 'v1';
  world.code.put(CODE_KEY, release);

  const costs = new Map<string, readonly Cost[]>();
  for (const { name, deed, phase, atOnce = false } of OPERATIONS) {
    // A mapping that is still being deleted costs a second try, and so does a role too new to be assumed.
    if (!atOnce) await world.pass(PAUSE_SECONDS);
    const from = world.calls.log.length;
    if (deed.kind === 'release') {
      release = `${release}+`;
      world.code.put(CODE_KEY, release);
    }
    for (const id of ids) {
      if (deed.kind === 'delete') world.configs.remove(id);
      else {
        // The simulator has no rollout: a pin brings the same release by the same branch.
        const fields = deed.kind === 'put' ? deed.fields : {};
        world.configs.put(id, { ...world.configs.read(id), ...fields, pipelineId: id, codeVersion: release });
      }
    }
    await rest(world, ids, name, phase);
    const calls = world.calls.log.slice(from).filter(({ bucket }) => bucket === 'lambda');
    costs.set(
      name,
      ids.map((id) => {
        const own = calls.filter(({ caller }) => caller.pipelineId === id);
        return {
          changes: own.filter(({ mutates }) => mutates).length,
          mappingPolls: own.filter(({ operation }) => operation === 'mappings.read').length,
        };
      }),
    );
  }
  return costs;
}

/** Lets time pass until nothing is under way any more. @throws if a pipeline is then not where it should be */
async function rest(
  world: World,
  ids: readonly string[],
  name: string,
  phase: Operation['phase'],
): Promise<void> {
  const limitMs = world.nowMs() + LIMIT_SECONDS * 1000;
  do {
    await world.pass(10);
  } while ((world.stream.open > 0 || world.executions.running.size > 0) && world.nowMs() < limitMs);
  const astray = ids.find((id) => world.statuses.read(id)?.phase !== phase);
  if (astray !== undefined) {
    throw new Error(`${name}: ${astray} is ${world.statuses.read(astray)?.phase}, not ${phase}`);
  }
}
