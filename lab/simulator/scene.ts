import { needsDriver } from '../../core/release/record.ts';
import { BYSTANDER, BYSTANDER_KEY } from './bystander.ts';
import { EndlessRun } from './clock.ts';
import { differencesFromHold, differencesFromWanted } from './converged.ts';
import { CODE_KEY, type World } from './world/world.ts';

/** How long after the last edit a pipeline may take: failed runs wait up to an hour for their next try. */
const CONVERGES_WITHIN_MS = 5 * 3_600_000;
const MAX_EVENTS = 3_000_000;
/** And how long it may run though its group is held, or rest though it is not: a round of the reconciler. */
const HOLD_SEEN_WITHIN_MS = 600_000;

/** Before the story: code is uploaded, one pipeline runs that the story is not about. */
export async function setTheScene(world: World): Promise<void> {
  // Uploaded before, and never admitted: only a pin reaches it.
  world.code.put(CODE_KEY, 'v2');
  world.code.put(CODE_KEY, 'v1');
  world.admit(CODE_KEY, 'v1');
  world.code.put(BYSTANDER_KEY, 'b1');
  world.admit(BYSTANDER_KEY, 'b1');
  world.code.put('other.zip', 'x');
  world.configs.put(BYSTANDER, { pipelineId: BYSTANDER, concurrency: 3, codeKey: BYSTANDER_KEY });
  const limitMs = world.nowMs() + CONVERGES_WITHIN_MS;
  while (world.statuses.records.get(BYSTANDER)?.phase !== 'Active') {
    if (world.nowMs() > limitMs) throw new EndlessRun('the first pipeline never becomes Active');
    await world.pass(10);
  }
}

/** Lets time pass until all is as wanted and nothing more happens; answers what is not. */
export async function comeToRest(world: World, names: readonly string[]): Promise<readonly string[]> {
  const limitMs = world.nowMs() + CONVERGES_WITHIN_MS;
  const maxEvents = world.clock.events + MAX_EVENTS;
  // A whole round of the reconciler, and the settling of what it found.
  const rounds = Math.ceil((names.length + 1) / world.settings.reconcileSlice) + 2;
  let quiet = 0;
  let changes = 0;
  let holdsSeenMs = world.nowMs();
  for (;;) {
    await world.pass(60);
    const unheld = names.flatMap((pipelineId) => differencesFromHold(world, pipelineId));
    if (unheld.length === 0) holdsSeenMs = world.nowMs();
    if (world.nowMs() - holdsSeenMs > HOLD_SEEN_WITHIN_MS) return unheld;
    const underWay = whatIsUnderWay(world);
    const differences =
      underWay.length > 0
        ? underWay
        : names.flatMap((pipelineId) => differencesFromWanted(world, pipelineId));
    const mutations = world.calls.log.filter(({ mutates }) => mutates).length;
    quiet = differences.length === 0 && mutations === changes ? quiet + 1 : 0;
    changes = mutations;
    if (quiet >= rounds) return [];
    if (world.nowMs() > limitMs || world.clock.events > maxEvents) {
      return differences.length > 0
        ? differences
        : ['resources go on being changed although all is as wanted'];
    }
  }
}

/** Lets the time pass for which groups are still held. @returns whether any was */
export async function letHoldsEnd(world: World): Promise<boolean> {
  const ends = [...world.holds.groups.values()].map(({ hold }) => hold?.untilMs ?? 0);
  const leftMs = Math.max(0, ...ends) - world.nowMs();
  if (leftMs <= 0) return false;
  await world.pass(leftMs / 1000);
  return true;
}

function whatIsUnderWay(world: World): string[] {
  const events = world.stream.open + world.holdStream.open + world.codeTopic.open;
  // Who waits for the end of a hold does nothing.
  const lifecycles = [...world.executions.running].filter(({ state }) => state !== 'WaitForWake');
  const running = lifecycles.length + world.rollouts.running.size;
  return [
    ...(running + events > 0 ? [`${running} executions run, ${events} events are on their way`] : []),
    ...world.releases.records
      .filter((record) => needsDriver(record) || record.announced !== record.state)
      .map(({ version, state }) => `release ${version} is ${state}, and nobody drives it on, or tells of it`),
    ...notTakenUp(world),
  ];
}

/** What is in the bucket is a release, or was one before the story. */
function notTakenUp(world: World): string[] {
  const newest = world.code.head(CODE_KEY)?.version;
  if (newest === undefined || newest === 'v1' || world.releases.read(CODE_KEY, newest) !== undefined)
    return [];
  return [`nobody has taken up the upload ${newest}`];
}
