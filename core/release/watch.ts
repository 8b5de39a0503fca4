import { addTasks, type Health, type HealthSample, judge, type Moved, tasksAround } from './health.ts';
import type { Evidence, Walk } from './record.ts';
import type { RolloutSettings } from './rollout-settings.ts';

/** More evidence than a person reads. */
const EVIDENCE_MOST = 10;

/** Adds one pipeline's samples to a walk. */
export function addHealth(
  walk: Walk,
  moved: Moved,
  samples: readonly HealthSample[],
  settings: RolloutSettings,
): Walk {
  const { before, after } = tasksAround(samples, moved);
  const health = judge(before, after, settings, moved.pipelineId);
  const unhealthy = health.kind === 'unhealthy';
  return {
    ...walk,
    before: unhealthy ? walk.before : addTasks(walk.before, before),
    after: unhealthy ? walk.after : addTasks(walk.after, after),
    // The sums are of the others: one whose trouble is tolerated must not speak for all.
    watched: walk.watched + 1,
    lastMovedMs: moved.isNew ? walk.lastMovedMs : Math.max(walk.lastMovedMs, moved.movedAtMs),
    judged: walk.judged + (health.kind === 'unknown' ? 0 : 1),
    unhealthy: walk.unhealthy + (unhealthy ? 1 : 0),
    evidence: unhealthy ? [...walk.evidence, ...health.evidence].slice(0, EVIDENCE_MOST) : walk.evidence,
  };
}

/** What to do about a wave after looking at all of it. */
export type WaveVerdict =
  | { readonly kind: 'wait'; readonly forMs: number; readonly state: 'Baking' | 'Moving' }
  | { readonly kind: 'healthy' }
  | { readonly kind: 'unhealthy'; readonly evidence: readonly Evidence[]; readonly reason: string };

/** Between two looks at pipelines that are still being moved. */
const LOOK_AGAIN_MS = 5_000;
/** The longest between two such looks: whoever is not moved after minutes takes longer. */
const LOOK_AGAIN_LATE_MS = 60_000;
/** Who was moved late is watched for at least this share of the bake. */
const LATE_BAKE_SHARE = 0.8;
/** Between two looks for tasks that have not come yet. */
const LOOK_FOR_NEWS_MS = 15_000;
/** No more such looks than this: each is a walk over all pipelines, and fills an execution's history. */
const LOOKS_FOR_NEWS = 20;
/** A bake is looked at so many times: a bad release is to be found before its end. */
const LOOKS_PER_BAKE = 5;

/** What is known of the open wave besides the walk over it. */
export interface WaveFacts {
  /** Pipelines that it moves, by its plan. */
  readonly planned: number;
  /** Pipelines that had failed before the release came: not its fault. */
  readonly failedBefore: number;
  /** Since when all of the wave have been told, and now; epoch milliseconds. */
  readonly toldAtMs: number;
  readonly nowMs: number;
}

/**
 * Judges the open wave by a whole walk over it. Bad news counts at once; good news only once everybody has been
 * moved and the bake is over; no news is waited for, up to a limit, and then good only if nothing has failed.
 */
export function judgeWave(walk: Walk, settings: RolloutSettings, wave: WaveFacts): WaveVerdict {
  const { moved, moving, due, failing, failed } = walk.counts;
  const all = moved + moving + due + failing + failed;
  const stuck = toleratedOf(all, settings) + wave.failedBefore;
  if (failed > stuck) {
    const message = `the code of ${failed} of ${all} pipelines could not be changed, ${stuck} tolerated`;
    return { kind: 'unhealthy', reason: message, evidence: [{ what: 'codeSync', message }] };
  }
  // Of this wave only: those of the waves before have been watched in theirs.
  const size = Math.max(walk.watched, wave.planned);
  const sick = toleratedOf(size, settings);
  if (walk.unhealthy > sick) {
    const reason = `${walk.unhealthy} of ${size} pipelines unhealthy, ${sick} tolerated`;
    return { kind: 'unhealthy', reason, evidence: walk.evidence };
  }
  // Many that are each too small to judge may tell something together.
  const together = judge(walk.before, walk.after, settings, undefined, walk.watched - walk.unhealthy);
  if (together.kind === 'unhealthy') {
    return { kind: 'unhealthy', reason: 'the wave as a whole is unhealthy', evidence: together.evidence };
  }
  if (moving + due + failing > 0) {
    return { kind: 'wait', forMs: lookForMoversMs(wave.nowMs - wave.toldAtMs), state: 'Moving' };
  }
  return judgeBake(together, walk, settings, wave);
}

/** Everybody has moved, and nothing speaks against the release so far. */
function judgeBake(
  together: Exclude<Health, { readonly kind: 'unhealthy' }>,
  walk: Walk,
  settings: RolloutSettings,
  { toldAtMs, nowMs }: WaveFacts,
): WaveVerdict {
  const bakeMs = settings.bakeSeconds * 1000;
  const lookMs = Math.max(LOOK_AGAIN_MS / 5, bakeMs / LOOKS_PER_BAKE);
  const bakedMs = nowMs - toldAtMs;
  const leftToBakeMs = Math.max(bakeMs - bakedMs, bakeMs * LATE_BAKE_SHARE - (nowMs - walk.lastMovedMs));
  if (leftToBakeMs > 0) return { kind: 'wait', forMs: Math.min(lookMs, leftToBakeMs), state: 'Baking' };
  if (together.kind === 'healthy' || walk.watched === 0) return { kind: 'healthy' };
  const unknownMs = settings.unknownSeconds * 1000;
  const leftMs = leftToBakeMs + unknownMs;
  if (leftMs > 0) {
    const everyMs = Math.max(lookMs, LOOK_FOR_NEWS_MS, unknownMs / LOOKS_FOR_NEWS);
    return { kind: 'wait', forMs: Math.min(everyMs, leftMs), state: 'Baking' };
  }
  if (together.clean) return { kind: 'healthy' };
  const message = `only ${walk.after.tasks} tasks in ${Math.round(bakedMs / 1000)} s, and not all went well`;
  return { kind: 'unhealthy', reason: message, evidence: [{ what: 'failures', message }] };
}

/** The longer it takes, the less often anybody looks. */
function lookForMoversMs(sinceToldMs: number): number {
  return Math.min(LOOK_AGAIN_LATE_MS, Math.max(LOOK_AGAIN_MS, sinceToldMs / 10));
}

/** How many of so many pipelines may be in trouble. A billionth of a pipeline is rounding: 0.29 of 100 are 29. */
function toleratedOf(pipelines: number, { toleratedShare }: RolloutSettings): number {
  return Math.floor(pipelines * toleratedShare + 1e-9);
}
