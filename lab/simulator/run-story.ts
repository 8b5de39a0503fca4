import { pipelineNames } from '../../core/names.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { BYSTANDER } from './bystander.ts';
import { EndlessRun } from './clock.ts';
import { differencesFromSaid, differencesFromWanted } from './converged.ts';
import { meddle } from './meddle.ts';
import { PlannedFaults } from './planned-faults.ts';
import { judge, type Violation } from './promises.ts';
import type { Action, Deed, Story } from './story.ts';
import type { CallRecord } from './world/calls.ts';
import { AWS_NATURE, type Nature } from './world/nature.ts';
import { CODE_KEY, type Patch, STAGE, World } from './world/world.ts';

/** How long after the last edit a pipeline may take: failed runs wait up to an hour for their next try. */
const CONVERGES_WITHIN_MS = 5 * 3_600_000;
const MAX_EVENTS = 3_000_000;
/** After these a status may be wrong until the reconciler has looked. */
const MEDDLES: ReadonlySet<Deed['kind']> = new Set(['meddle', 'foreign']);

/** Something that was done to a pipeline from outside. */
export interface Done {
  readonly atMs: number;
  readonly pipelineId: string;
  readonly deed: Deed;
  /** The record after it. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
}

/** A write of a status record. */
export interface Write {
  readonly atMs: number;
  readonly record: StatusRecord;
  /** The step, or the function, that wrote it. */
  readonly by: string;
  /** How many tasks the pipeline's mapping and function let run then, or are about to. */
  readonly inForce: number;
}

/** Everything that happened, for the promises to judge. */
export interface History {
  readonly story: Story;
  readonly world: World;
  readonly names: readonly string[];
  readonly beganAtMs: number;
  readonly done: readonly Done[];
  readonly writes: readonly Write[];
  readonly calls: readonly CallRecord[];
  /** How many of the planned faults came true. */
  readonly struck: number;
  /** What a status said was made, and was not. */
  readonly lies: readonly string[];
  /** What is not as wanted in the end, if the run did not converge. */
  readonly differences: readonly string[];
}

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
    world.calls.observers.push((call) =>
      say(
        `${call.caller.label || call.caller.functionName} → ${call.operation}${call.fault ? ` [${call.fault}]` : ''}`,
        call.pipelineId,
      ),
    );
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

/** Before the story: code is uploaded, one pipeline runs that the story is not about. */
async function setTheScene(world: World): Promise<void> {
  world.code.put(CODE_KEY, 'v1');
  world.code.put('other.zip', 'x');
  world.configs.put(BYSTANDER, { pipelineId: BYSTANDER, concurrency: 3 });
  const limitMs = world.nowMs() + CONVERGES_WITHIN_MS;
  while (world.statuses.records.get(BYSTANDER)?.phase !== 'Active') {
    if (world.nowMs() > limitMs) throw new EndlessRun('the first pipeline never becomes Active');
    await world.pass(10);
  }
}

async function act(
  story: Story,
  names: readonly string[],
  world: World,
  done: Done[],
  say: (what: string, pipelineId?: string) => void,
): Promise<void> {
  let uploads = 1;
  world.send(BYSTANDER, 5);
  const begin = story.first.map(
    (fields, on): Action => ({ afterSeconds: 0, on, deed: { kind: 'edit', fields } }),
  );
  for (const { afterSeconds, on, deed } of [...begin, ...story.actions]) {
    await world.pass(afterSeconds);
    const pipelineId = names[on] ?? '';
    say(`ACTION ${JSON.stringify(deed)}`, pipelineId);
    if (deed.kind === 'upload') {
      uploads += 1;
      world.code.put(CODE_KEY, `v${uploads}`);
    }
    carryOut(world, pipelineId, deed);
    done.push({ atMs: world.nowMs(), pipelineId, deed, record: world.configs.records.get(pipelineId) });
  }
  world.send(BYSTANDER, 5);
}

function carryOut(world: World, pipelineId: string, deed: Deed): void {
  switch (deed.kind) {
    case 'edit': {
      const { expiresInSeconds, ...fields } = deed.fields;
      const expiry =
        typeof expiresInSeconds === 'number'
          ? { expiresAt: Math.floor(world.nowMs() / 1000) + expiresInSeconds }
          : {};
      world.configs.put(pipelineId, { ...sound(world, pipelineId), ...fields, ...expiry });
      return;
    }
    case 'spoil':
      world.configs.put(pipelineId, { ...sound(world, pipelineId), [deed.field]: deed.value });
      return;
    case 'remove':
      world.configs.remove(pipelineId);
      return;
    case 'send':
      world.send(pipelineId, deed.count, deed);
      return;
    case 'meddle':
      meddle(world, pipelineId, deed.how);
      return;
    case 'foreign':
      world.makeForeign(pipelineId, deed.what);
      return;
    case 'abort':
      for (const execution of world.executions.running) {
        if ((execution.input as { pipelineId?: string }).pipelineId === pipelineId) execution.abort();
      }
      return;
    case 'poison':
      world.poison.add(pipelineId);
      return;
    case 'reconciler':
      world.reconciles = deed.on;
      return;
    case 'upload':
      return;
  }
}

/** The record without what spoils it, or with an expiry that is past: the next edit mends it. */
function sound(world: World, pipelineId: string): Readonly<Record<string, unknown>> {
  const {
    expiresAt: _expiresAt,
    concurency: _misspelt,
    ...record
  } = world.configs.records.get(pipelineId) ?? {};
  const kept = Object.entries(record).filter(
    ([field, value]) => !SPOILT.has(`${field} ${JSON.stringify(value)}`),
  );
  return { ...Object.fromEntries(kept), pipelineId };
}

const SPOILT = new Set([
  'concurrency 0',
  'concurrency "two"',
  'timeoutSeconds 901',
  'visibilityTimeoutSeconds 1',
  'environment {"SLUICE_X":"no"}',
  'batchSize 500',
]);

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
