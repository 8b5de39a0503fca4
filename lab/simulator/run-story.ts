import { pipelineNames } from '../../core/names.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { BYSTANDER } from './bystander.ts';
import { EndlessRun } from './clock.ts';
import { differencesFromSaid, differencesFromWanted } from './converged.ts';
import { act } from './deeds.ts';
import type { Done, History, Write } from './history.ts';
import { PlannedFaults } from './planned-faults.ts';
import { judge, type Violation } from './promises.ts';
import type { Deed, Story } from './story.ts';
import type { CallRecord } from './world/calls.ts';
import { AWS_NATURE, type Nature } from './world/nature.ts';
import { CODE_KEY, type Patch, STAGE, World } from './world/world.ts';

/** How long after the last edit a pipeline may take: failed runs wait up to an hour for their next try. */
const CONVERGES_WITHIN_MS = 5 * 3_600_000;
const MAX_EVENTS = 3_000_000;
/** After these a status may be wrong until the reconciler has looked. */
const MEDDLES: ReadonlySet<Deed['kind']> = new Set(['meddle', 'foreign']);

export interface Outcome {
  readonly violations: readonly Violation[];
  readonly history: History;
  readonly timeline: readonly string[];
}

export interface RunOptions {
  readonly patch?: Patch;
  /** Writes down everything, for people; costs time. */
  readonly timeline?: boolean;
}

/** Plays a story and judges all promises. */
export async function runStory(story: Story, options: RunOptions = {}): Promise<Outcome> {
  const timeline: string[] = [];
  const say = (what: string, pipelineId = '') => {
    const at = ((world.nowMs() - zeroMs) / 1000).toFixed(2).padStart(9);
    timeline.push(`${at} s  ${pipelineId.padEnd(9)}  ${what}`);
  };
  const names = story.first.map((_, index) => `p${index}`);
  const faults = new PlannedFaults(story, names, () => world.nowMs());
  const world: World = new World({
    seed: story.world,
    faults,
    accountConcurrency: story.accountConcurrency,
    settings: { reconcileSlice: story.reconcileSlice, controlPlanePerSecond: story.perSecond },
    reconciles: !story.calm,
    nature: natureOf(story),
    ...(options.patch ? { patch: options.patch } : {}),
    ...(options.timeline ? { note: say } : {}),
    // Only changes and budgeted calls are judged; a timeline shows all.
    keepCalls: options.timeline ? 'all' : 'buckets',
  });
  const zeroMs = world.nowMs();
  const writes: Write[] = [];
  const lies: string[] = [];
  const done: Done[] = [];
  world.statuses.onWrite = (record) => {
    if (!done.some((one) => one.pipelineId === record.pipelineId && MEDDLES.has(one.deed.kind))) {
      lies.push(...differencesFromSaid(world, record));
    }
    const { label = '', functionName = '' } = world.calls.current ?? {};
    const inForce = limitInForce(world, record.pipelineId);
    writes.push({ atMs: world.nowMs(), record, by: label || functionName, inForce });
    if (options.timeline) say(`status: ${describeStatus(record)}`, record.pipelineId);
  };
  if (options.timeline) {
    world.calls.observers.push((call) => {
      if (!isTelling(call)) return;
      const fault = call.fault === undefined ? '' : ` [${call.fault}]`;
      say(`${call.caller.label || call.caller.functionName} → ${call.operation}${fault}`, call.pipelineId);
    });
    world.host.onEnd = (caller, end) => {
      if (end !== 'returned') say(`${caller.functionName} ${caller.label} ${end}`, caller.pipelineId);
    };
  }

  const history: { -readonly [K in keyof History]: History[K] } = {
    story,
    world,
    names,
    beganAtMs: 0,
    done,
    writes,
    struck: 0,
    lies,
    calls: world.calls.log,
    differences: [],
  };
  try {
    await setTheScene(world);
    history.beganAtMs = world.nowMs();
    faults.begin(story);
    await act(story, names, world, done, say);
    await world.pass(story.storm ? Math.min(300, story.storm.seconds) : 60);
    faults.end();
    history.struck = faults.struck;
    if (!story.calm) world.reconciles = true;
    history.differences = await comeToRest(world, [...names, BYSTANDER]);
  } catch (error) {
    if (!(error instanceof EndlessRun)) throw error;
    history.differences = [error.message];
  }
  return { violations: judge(history), history, timeline };
}

/** Calls that a timeline shows: those that change something, cost something, or went wrong. */
function isTelling({ operation, bucket, mutates, fault }: CallRecord): boolean {
  return mutates || fault !== undefined || bucket !== undefined || TELLING.has(operation);
}

const TELLING = new Set(['queues.receive', 'queues.deleteMessages', 'salvage.write', 'salvage.delete']);

/** Before the story: code is uploaded, one pipeline runs that the story is not about. */
async function setTheScene(world: World): Promise<void> {
  // Uploaded before, and never admitted: only a pin reaches it.
  world.code.put(CODE_KEY, 'v2');
  world.code.put(CODE_KEY, 'v1');
  world.admit(CODE_KEY, 'v1');
  world.code.put('other.zip', 'x');
  world.configs.put(BYSTANDER, { pipelineId: BYSTANDER, concurrency: 3 });
  const limitMs = world.nowMs() + CONVERGES_WITHIN_MS;
  while (world.statuses.records.get(BYSTANDER)?.phase !== 'Active') {
    if (world.nowMs() > limitMs) throw new EndlessRun('the first pipeline never becomes Active');
    await world.pass(10);
  }
}

/** Lets time pass until all is as wanted and nothing more happens; answers what is not. */
async function comeToRest(world: World, names: readonly string[]): Promise<readonly string[]> {
  const limitMs = world.nowMs() + CONVERGES_WITHIN_MS;
  const maxEvents = world.clock.events + MAX_EVENTS;
  // A whole round of the reconciler, and the settling of what it found.
  const rounds = Math.ceil((names.length + 1) / world.settings.reconcileSlice) + 2;
  let quiet = 0;
  let changes = 0;
  for (;;) {
    await world.pass(60);
    const differences =
      world.executions.running.size > 0 || world.stream.open > 0
        ? [`${world.executions.running.size} executions run, ${world.stream.open} events are on their way`]
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

function limitInForce(world: World, pipelineId: string): number {
  const names = pipelineNames(STAGE, pipelineId);
  if (world.functions.byName.get(names.function)?.reserved === 1) return 1;
  const mappings = world.mappings.byQueue.get(names.queue) ?? [];
  return Math.max(
    0,
    ...mappings.flatMap(({ settings, inForce }) => [settings.maximumConcurrency, inForce.maximumConcurrency]),
  );
}

function natureOf({ calm, slow }: Story): Nature {
  return {
    ...AWS_NATURE,
    ...(calm ? { functionFails: 0, staleReads: 0 } : {}),
    ...(slow ? { callMs: [10, 500] } : {}),
  };
}

function describeStatus(record: StatusRecord): string {
  const { phase, lease, run, error, revision, fence } = record;
  const held = lease ? ` lease ${lease.owner}${lease.pending ? ' PENDING' : ''}` : '';
  const doing = run ? ` ${run.kind}/${run.step}` : '';
  return `#${revision} ${phase} fence ${fence}${held}${doing}${error ? ` error ${error.code}: ${error.message}` : ''}`;
}
