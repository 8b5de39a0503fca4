import { ROLLOUT_SETTINGS } from '../../core/release/rollout-settings.ts';
import { AWS_NATURE } from '../simulator/world/nature.ts';
import { CODE_KEY, World } from '../simulator/world/world.ts';
import { peakInAnyWindow } from './statistics.ts';

/** What an upload to a whole fleet did, in virtual time. */
export interface ReleaseLoad {
  readonly pipelines: number;
  /** Sizes of the waves. */
  readonly waves: readonly number[];
  /** From the upload to `Done`. */
  readonly seconds: number;
  /** Watching, all waves together: no pace can shorten it. */
  readonly bakeSeconds: number;
  /** From the upload to the release's first wave: check and trial. */
  readonly checkSeconds: number;
  /** Pipelines ÷ the budget. */
  readonly leastSeconds: number;
  /** Most calls in Lambda's bucket in any second. */
  readonly peakPerSecond: number;
  /** Operations of Lambda that AWS refused for their rate. */
  readonly throttled: readonly string[];
  /** Of the rollout machine's execution; Step Functions ends one at 25,000. */
  readonly historyEvents: number;
  /** Tasks sent, before the upload and meanwhile; and those of them that were done within a minute after its end. */
  readonly tasks: number;
  readonly tasksDone: number;
  /** Pipelines that run the release in the end. */
  readonly moved: number;
  /** Real time, seconds. */
  readonly tookSeconds: number;
}

const RELEASE = 'v2';
const LIMIT_SECONDS = 24 * 3600;
const STEP_SECONDS = 10;
/** Tasks flow for so long before the upload: what the release is compared with. */
const BEFORE_SECONDS = 600;

export interface ReleaseLoadOptions {
  readonly seed?: number;
  /**
   * Tasks of a second that each pipeline gets in a minute, a multiple of 6; all settings are the defaults then. Left
   * out, the pipelines are idle, and not waited for beyond the bake.
   */
  readonly tasksPerMinute?: number;
}

/**
 * Makes so many pipelines, uploads a release, and waits until it is `Done`.
 * @throws if it is not `Done` after a day
 */
export async function rollOutTo(
  pipelines: number,
  { seed = 1, tasksPerMinute }: ReleaseLoadOptions = {},
): Promise<ReleaseLoad> {
  const realMs = performance.now();
  const rollout =
    tasksPerMinute === undefined ? { ...ROLLOUT_SETTINGS, unknownSeconds: 0 } : ROLLOUT_SETTINGS;
  const nature = { ...AWS_NATURE, functionFails: 0 };
  const world = new World({ seed, keepCalls: 'buckets', nature, settings: { rollout } });
  world.code.put(CODE_KEY, 'v1');
  world.admit(CODE_KEY, 'v1');
  const running = new Map<string, string | undefined>();
  world.statuses.onWrite = ({ pipelineId, phase, codeVersion }) => {
    if (phase === 'Active') running.set(pipelineId, codeVersion);
  };
  for (let at = 1; at <= pipelines; at += 1) {
    world.configs.put(`group-${at}`, { pipelineId: `group-${at}`, concurrency: 2 });
  }
  await passUntil(world, () => running.size === pipelines);
  // Until nobody has anything to do any more.
  await world.pass(120);
  const send = () => {
    const count = ((tasksPerMinute ?? 0) * STEP_SECONDS) / 60;
    if (count > 0) for (const pipelineId of running.keys()) world.send(pipelineId, count);
  };
  if (tasksPerMinute !== undefined) {
    const untilMs = world.nowMs() + BEFORE_SECONDS * 1000;
    await passUntil(world, () => world.nowMs() >= untilMs, send);
  }

  const beganMs = world.nowMs();
  world.code.put(CODE_KEY, RELEASE);
  world.codeTopic.uploaded(world.settings.consumers.codeBucket, CODE_KEY, RELEASE);
  const state = () => world.releases.read(CODE_KEY, RELEASE)?.state;
  await passUntil(world, () => state() === 'Done', send);
  if (tasksPerMinute !== undefined) await world.pass(60);

  const record = world.releases.read(CODE_KEY, RELEASE);
  const fates = [...world.book.fates.values()];
  const told = world.events.published.filter(({ detail }) => detail.version === RELEASE);
  const atOf = (wanted: string) => told.find(({ detail }) => detail.state === wanted)?.atMs ?? Number.NaN;
  const calls = world.calls.log.filter(({ bucket, startMs }) => bucket === 'lambda' && startMs >= beganMs);
  return {
    pipelines,
    waves: (record?.waves ?? []).map((wave) => wave.pipelines),
    seconds: (atOf('Done') - beganMs) / 1000,
    bakeSeconds: rollout.bakeSeconds * (record?.waves.length ?? 0),
    checkSeconds: (atOf('Canary') - beganMs) / 1000,
    leastSeconds: pipelines / world.settings.controlPlanePerSecond,
    peakPerSecond: peakInAnyWindow(
      calls.map(({ startMs }) => startMs),
      1000,
    ),
    throttled: calls.filter(({ throttled }) => throttled).map(({ operation }) => operation),
    historyEvents: Math.max(...[...world.rollouts.byName.values()].map(({ events }) => events)),
    tasks: fates.length,
    tasksDone: fates.filter(({ succeeded }) => succeeded).length,
    moved: [...running.values()].filter((version) => version === RELEASE).length,
    tookSeconds: (performance.now() - realMs) / 1000,
  };
}

async function passUntil(world: World, isOver: () => boolean, meanwhile = () => {}): Promise<void> {
  const limitMs = world.nowMs() + LIMIT_SECONDS * 1000;
  while (!isOver()) {
    if (world.nowMs() > limitMs) throw new Error('still not there after a day');
    meanwhile();
    await world.pass(STEP_SECONDS);
  }
}
