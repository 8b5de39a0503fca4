import type { Ports } from '../../../../aws/ports.ts';
import { type ReleaseLine, reaches, releaseFact } from '../../../../core/release/line.ts';
import { type ReleaseRecord, rolloutName } from '../../../../core/release/record.ts';
import { ROLLOUT_SETTINGS } from '../../../../core/release/rollout-settings.ts';
import type { RolloutState } from '../../../../core/release/rollout-state.ts';
import type { StageSettings } from '../../../../core/stage-settings.ts';
import type { StatusRecord } from '../../../../core/status-record.ts';
import { runRolloutStep } from '../../../../functions/code-rollout/run-step.ts';
import type { Behaviour } from '../../../../lab/simulator/world/code-bucket.ts';
import { PLAIN_NATURE } from '../../../../lab/simulator/world/nature.ts';
import type { Image } from '../../../../lab/simulator/world/tables.ts';
import { CODE_KEY, World } from '../../../../lab/simulator/world/world.ts';
import { run } from '../simulated-stage.ts';

export const KEY = CODE_KEY;

/** Waves that are over soon: one pipeline, twice as many, and so on. */
export const rollout = {
  ...ROLLOUT_SETTINGS,
  canaryShare: 0,
  growth: 2,
  // Metrics come by whole minutes.
  bakeSeconds: 120,
  unknownSeconds: 60,
  minTasks: 5,
};

/** Pipelines on v1, which is what everybody runs who follows the key. */
export async function fleetOf(
  records: number | readonly Image[],
  settings: Partial<StageSettings> = {},
  behaviour: Behaviour = {},
): Promise<World> {
  const world = new World({
    seed: 1,
    nature: PLAIN_NATURE,
    reconciles: false,
    settings: { rollout, ...settings },
  });
  world.code.put(KEY, 'v1', behaviour);
  world.admit(KEY, 'v1');
  const all =
    typeof records === 'number'
      ? Array.from({ length: records }, (_, at) => ({ pipelineId: `p${at}` }))
      : records;
  for (const record of all) world.configs.put(String(record.pipelineId), record);
  await world.pass(all.length === 0 ? 1 : 60 + all.length);
  return world;
}

/** Somebody uploads a version, and its event is lost: steps are run one by one. */
export async function uploaded(world: World, version = 'v2', behaviour: Behaviour = {}): Promise<World> {
  await world.pass(1);
  world.code.put(KEY, version, behaviour);
  return world;
}

interface How {
  /** The execution; the release's first one unless said otherwise. */
  readonly owner?: string;
  readonly ports?: (ports: Ports) => Ports;
}

/** One attempt of one step. */
export function step(world: World, name: string, state: object = {}, { owner, ports }: How = {}) {
  const given = { key: KEY, version: 'v2', ...state };
  const work = (all: Ports, deadlineMs: number) =>
    runRolloutStep(
      { step: name, owner: owner ?? rolloutName(given), state: given },
      all,
      world.settings,
      deadlineMs,
    );
  return run(world, work, { seconds: 60, ...(ports === undefined ? {} : { ports }) });
}

/** Steps one after another, each with its waits, as long as they answer as the machine has it; answers the last. */
export async function steps(world: World, names: readonly string[], state: object = {}, how: How = {}) {
  let last: object = state;
  let outcome: RolloutState['outcome'] = 'done';
  for (const name of names) {
    for (;;) {
      const answer = await step(world, name, last, how);
      last = answer;
      outcome = answer.outcome;
      if (outcome !== 'again') break;
      await world.pass(answer.afterSeconds);
    }
    if (outcome !== 'done' && outcome !== 'check') return outcome;
  }
  return outcome;
}

export const CHECKED = ['BeginRollout', 'CheckRelease', 'TryRelease'];
export const ADMITTED = [...CHECKED, 'AdmitRelease'];

export function recordOf(world: World, version = 'v2'): ReleaseRecord {
  const record = world.releases.read(KEY, version);
  if (record === undefined) throw new Error(`no record of ${version}`);
  return record;
}

/** Writes a record with changes, as somebody else does. */
export function change(world: World, changes: Partial<ReleaseRecord>, version = 'v2'): void {
  world.releases.write({ ...recordOf(world, version), ...changes });
}

export function lineOf(world: World): ReleaseLine {
  return world.ledgers.read(releaseFact(KEY))?.value as ReleaseLine;
}

export function draw(world: World, line: ReleaseLine): void {
  world.ledgers.write(releaseFact(KEY), line, world.ledgers.read(releaseFact(KEY))?.revision ?? 0);
}

export function statusOf(world: World, pipelineId: string): StatusRecord {
  const status = world.statuses.read(pipelineId);
  if (status === undefined) throw new Error(`no status of ${pipelineId}`);
  return status;
}

/** Who runs which version, by their status. */
export function versionsIn(world: World): Record<string, string | undefined> {
  const all = [...world.statuses.records.values()].map((one) => [one.pipelineId, one.codeVersion] as const);
  return Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b)));
}

/** Who has this version. */
export function having(world: World, version: string): string[] {
  return Object.entries(versionsIn(world)).flatMap(([id, one]) => (one === version ? [id] : []));
}

/** Which pipelines' runs were started while this was done, each as often as it was. */
export async function startedBy(world: World, work: () => Promise<unknown>): Promise<string[]> {
  const before = world.executions.started.size;
  await work();
  return [...world.executions.started.values()].slice(before).map(({ pipelineId }) => pipelineId);
}

/** The states that were told of, in order. */
export function told(world: World): unknown[] {
  return world.events.published.map(({ detail }) => detail.state);
}

/** A release that was admitted for a fleet. */
export async function admitted(records: Parameters<typeof fleetOf>[0]): Promise<World> {
  const world = await uploaded(await fleetOf(records));
  await steps(world, ADMITTED);
  return world;
}

/** Whom the release has reached. */
export function reached(world: World): string[] {
  const { next } = lineOf(world);
  const all = [...world.statuses.records.values()].map(({ pipelineId, applied }) => ({
    pipelineId,
    canary: applied?.wanted.canary === true,
  }));
  return all.filter((one) => next !== undefined && reaches(next, one)).map(({ pipelineId }) => pipelineId);
}
