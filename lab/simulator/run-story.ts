import { pipelineNames } from '../../core/names.ts';
import { ROLLOUT_SETTINGS } from '../../core/release/rollout-settings.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { BYSTANDER } from './bystander.ts';
import { EndlessRun } from './clock.ts';
import { differencesFromSaid } from './converged.ts';
import { act } from './deeds.ts';
import type { Done, History, Write } from './history.ts';
import { PlannedFaults } from './planned-faults.ts';
import { judge, type Violation } from './promises.ts';
import { recordReleases } from './release-history.ts';
import { comeToRest, letHoldsEnd, setTheScene } from './scene.ts';
import type { Deed, Story } from './story.ts';
import type { CallRecord } from './world/calls.ts';
import { AWS_NATURE, type Nature } from './world/nature.ts';
import { type Patch, STAGE, World } from './world/world.ts';

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
    settings: settingsOf(story),
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
    const { label = '', functionName = '', startedAtMs = world.nowMs() } = world.calls.current ?? {};
    const inForce = limitInForce(world, record.pipelineId);
    writes.push({ atMs: world.nowMs(), sinceMs: startedAtMs, record, by: label || functionName, inForce });
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
    releases: recordReleases(world),
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
    const all = [...names, BYSTANDER];
    history.differences = await comeToRest(world, all);
    // First as they are while groups are held, then as they are after that.
    if (history.differences.length === 0 && (await letHoldsEnd(world)))
      history.differences = await comeToRest(world, all);
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

function limitInForce(world: World, pipelineId: string): number {
  const names = pipelineNames(STAGE, pipelineId);
  const consumer = world.functions.byName.get(names.function);
  if (consumer?.reserved === 1 || consumer?.inService.lease) return 1;
  const mappings = world.mappings.byQueue.get(names.queue) ?? [];
  // What it has started runs on beside what its successor starts.
  if (mappings.some(({ state }) => state === 'Deleting')) return Number.POSITIVE_INFINITY;
  return Math.max(
    0,
    ...mappings.flatMap(({ settings, inForce }) => [settings.maximumConcurrency, inForce.maximumConcurrency]),
  );
}

/** A few tasks say something already: the stories' pipelines have few. */
function settingsOf({ reconcileSlice, perSecond, bakeSeconds }: Story): Partial<StageSettings> {
  const rollout = { ...ROLLOUT_SETTINGS, bakeSeconds, unknownSeconds: bakeSeconds, minTasks: 5 };
  return { reconcileSlice, controlPlanePerSecond: perSecond, rollout };
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
