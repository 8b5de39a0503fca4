import type { Moved } from '../../../core/release/health.ts';
import { reaches } from '../../../core/release/line.ts';
import { expectedEndMs } from '../../../core/release/plan.ts';
import { newWalk, type ReleaseRecord, type Walk } from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { addHealth, judgeWave, type WaveVerdict } from '../../../core/release/watch.ts';
import { again, next, type RolloutTurn } from '../rollout-turn.ts';
import { countStood, type Stood, tell, walkPipelines } from '../walk-pipelines.ts';

/** A run that was started and of which nothing is seen after so long is started once more. */
const TELL_AGAIN_MS = 30_000;
/** At least so much of the release before is looked at, for comparison. */
const BEFORE_MIN_MS = 300_000;
/** A first release is waited for so long: there may always be somebody who is just being made. */
const FIRST_WITHIN_MS = 600_000;
/** Failed pipelines named in the record. */
const NAMED_MOST = 10;
/** The longest wait: whoever looks for rollouts without a driver takes a longer silence for one. */
const LONGEST_WAIT_MS = 300_000;

/** Watches the open wave: whether everybody has moved, and how they do. */
export async function watchWave(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports, rollout } = turn;
  const toldAtMs = record.toldAtMs ?? ports.clock.nowMs();
  const begun = record.walk ?? newWalk(ports.clock.nowMs());
  const failed: FailedPipeline[] = [];
  const { walk, isOver } = await walkPipelines(turn, begun, async (page, before) => {
    failed.push(...page.filter(({ standing }) => standing === 'failed').map(failureOf));
    const due = page.filter(({ standing }) => standing === 'due');
    const rounds = Math.floor((ports.clock.nowMs() - toldAtMs) / TELL_AGAIN_MS);
    // Looks of the same round tell under the same name: each is started once in it.
    if (rounds > 0) await tell(turn, due, { ...before, startedMs: toldAtMs + rounds * TELL_AGAIN_MS });
    const looked = { ...before, counts: countStood(before.counts, page) };
    return record.from === undefined ? looked : look(turn, looked, page);
  });
  // Who could be changed after all is no longer among them.
  const failedPipelines = named(record.walk === undefined ? [] : record.failedPipelines, failed);
  if (!isOver) {
    await turn.change({ walk, failedPipelines });
    return again(state, 0);
  }
  const nowMs = ports.clock.nowMs();
  const reached = record.waves.slice(0, record.wave + 1);
  const failedBefore = reached.reduce((sum, wave) => sum + (wave.failedBefore ?? 0), 0);
  const planned = record.waves[record.wave]?.pipelines ?? 0;
  const facts = { planned, failedBefore, toldAtMs, nowMs };
  const verdict =
    record.from === undefined ? firstVerdict(walk, nowMs - toldAtMs) : judgeWave(walk, rollout, facts);
  const changes: Partial<ReleaseRecord> = {
    walk: undefined,
    counts: walk.counts,
    failedPipelines,
    toldAtMs,
    health: { before: walk.before, after: walk.after, atMs: nowMs },
  };
  return conclude(turn, changes, verdict);
}

type FailedPipeline = ReleaseRecord['failedPipelines'][number];

function failureOf({ status: { pipelineId, error } }: Stood): FailedPipeline {
  return { pipelineId, message: error?.message ?? 'no reason given' };
}

/** Each once, with its latest message, and no more than a person reads. */
function named(before: readonly FailedPipeline[], now: readonly FailedPipeline[]): FailedPipeline[] {
  const byId = new Map([...before, ...now].map((one) => [one.pipelineId, one]));
  return [...byId.values()].slice(-NAMED_MOST);
}

async function conclude(
  turn: RolloutTurn,
  changes: Partial<ReleaseRecord>,
  verdict: WaveVerdict,
): Promise<RolloutState> {
  const { state, record } = turn;
  switch (verdict.kind) {
    case 'wait': {
      const bakes = verdict.state === 'Baking' ? { state: 'Baking' as const } : {};
      await turn.change({ ...changes, ...bakes, expectedEnd: expectedEnd(turn, changes, verdict.forMs) });
      return again(state, Math.min(verdict.forMs, LONGEST_WAIT_MS));
    }
    case 'healthy':
      await turn.change(changes);
      return next(state, 'done');
    case 'unhealthy':
      await turn.change({ ...changes, reason: verdict.reason, evidence: [...verdict.evidence] });
      turn.ports.log.warn('a wave is unhealthy', { version: record.version, reason: verdict.reason });
      return next(state, 'unhealthy');
  }
}

/** What is still ahead; a wave that is watched longer than planned puts it off. */
function expectedEnd(
  { record, ports, settings, rollout }: RolloutTurn,
  { toldAtMs }: Partial<ReleaseRecord>,
  forMs: number,
): string {
  const nowMs = ports.clock.nowMs();
  const bakeSeconds = record.from === undefined ? 0 : rollout.bakeSeconds;
  const planned = expectedEndMs({ ...record, toldAtMs }, bakeSeconds, settings.controlPlanePerSecond, nowMs);
  return new Date(Math.max(planned, nowMs + forMs)).toISOString();
}

/** Of a first release only that everybody has it: there is nothing to compare with and nothing to go back to. */
function firstVerdict({ counts: { moving, due, failing } }: Walk, sinceToldMs: number): WaveVerdict {
  if (moving + due + failing > 0 && sinceToldMs < FIRST_WITHIN_MS)
    return { kind: 'wait', forMs: 2_000, state: 'Moving' };
  return { kind: 'healthy' };
}

/** How the pipelines of this wave on this page do that have moved. */
async function look(turn: RolloutTurn, walk: Walk, page: readonly Stood[]): Promise<Walk> {
  const { record, ports, rollout } = turn;
  const moved = page
    .filter(({ standing, status }) => standing === 'moved' && isOfWave(record, status))
    .map((one) => movedOf(one, record));
  if (moved.length === 0) return walk;
  const nowMs = ports.clock.nowMs();
  const beforeMs = Math.max(BEFORE_MIN_MS, rollout.bakeSeconds * 1000);
  const fromMs = Math.min(...moved.map(({ movedAtMs }) => movedAtMs)) - beforeMs;
  const samples = await ports.health.read(
    moved.map(({ pipelineId }) => pipelineId),
    fromMs,
    nowMs,
  );
  return moved.reduce((sum, one) => addHealth(sum, one, samples.get(one.pipelineId) ?? [], rollout), walk);
}

/** Whether the open wave has reached it, and none before. */
function isOfWave({ waves, wave, version }: ReleaseRecord, status: Stood['status']): boolean {
  const follower = { pipelineId: status.pipelineId, canary: status.applied?.wanted.canary === true };
  const reached = (number: number): boolean => {
    const one = waves[number];
    return one !== undefined && reaches({ version, ...one }, follower);
  };
  return reached(wave) && !reached(wave - 1);
}

/** One that had the release before its rollout was begun anew is judged by what happens from then on. */
function movedOf({ status }: Stood, { codeKey, startedAt }: ReleaseRecord): Moved {
  const { pipelineId, codeSinceMs = 0, deadLettersBefore, applied, formerCodes = [] } = status;
  const startedMs = Date.parse(startedAt);
  const {
    concurrency = 1,
    batchSize = 1,
    timeoutSeconds = 0,
    batchWindowSeconds = 0,
  } = applied?.wanted ?? {};
  return {
    pipelineId,
    movedAtMs: Math.max(codeSinceMs, startedMs),
    deadLettersBefore: codeSinceMs < startedMs ? undefined : deadLettersBefore,
    concurrency,
    batchSize,
    taskMs: (timeoutSeconds + batchWindowSeconds) * 1000,
    isNew: formerCodes[0]?.key !== codeKey,
  };
}
