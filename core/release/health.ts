import type { Evidence, Tasks } from './record.ts';
import type { RolloutSettings } from './rollout-settings.ts';

/** What was seen of one pipeline's consumer and queues in a span of time; a minute on AWS. */
export interface HealthSample {
  /** Epoch milliseconds: when the span began and how long it was. */
  readonly atMs: number;
  readonly spanMs: number;
  readonly calls: number;
  readonly errors: number;
  readonly throttled: number;
  /** Tasks handed to the consumer, and those that are over for good. */
  readonly received: number;
  readonly done: number;
  /** Tasks that failed, where that is known; else it is worked out. */
  readonly failed?: number;
  /** Milliseconds of all calls together. */
  readonly durationMs: number;
  /** Messages in the dead-letter queue; absent where nobody looked in this span. */
  readonly deadLetters?: number;
}

/** Nothing seen of a consumer. */
export const NO_CALLS = { calls: 0, errors: 0, throttled: 0, received: 0, done: 0, durationMs: 0 };

/** A pipeline that has moved. */
export interface Moved {
  readonly pipelineId: string;
  /** When its code was changed, epoch milliseconds. */
  readonly movedAtMs: number;
  /** Dead letters there were then; undefined if nobody looked. */
  readonly deadLettersBefore: number | undefined;
  readonly concurrency: number;
  readonly batchSize: number;
  /** Longest that a task may be under way once it was received: the function's timeout and the batching window. */
  readonly taskMs: number;
  /** It has never run anything else: nothing was moved. */
  readonly isNew: boolean;
}

/** What the samples before the move and after it come to. */
export function tasksAround(
  samples: readonly HealthSample[],
  moved: Moved,
): { readonly before: Tasks; readonly after: Tasks } {
  const before = samples.filter(
    ({ atMs, spanMs }) => atMs < moved.movedAtMs && atMs + spanMs <= moved.movedAtMs,
  );
  // A span in which the code changed belongs to neither: who knows which of its tasks ran on what.
  const after = samples.filter(({ atMs }) => atMs >= moved.movedAtMs);
  // Where nobody looked before the move, what the first look after it finds says nothing: only what comes then.
  const level = moved.deadLettersBefore ?? last(before) ?? first(after);
  return {
    before: { ...sumOf(before, moved), deadLetters: rise(before, first(before)) },
    after: { ...sumOf(after, moved), deadLetters: rise(after, level) },
  };
}

function sumOf(
  samples: readonly HealthSample[],
  { concurrency, batchSize, taskMs }: Moved,
): Omit<Tasks, 'deadLetters'> {
  const sum = (pick: (sample: HealthSample) => number) =>
    samples.reduce((total, sample) => total + pick(sample), 0);
  const received = sum(({ received }) => received);
  const done = sum(({ done }) => done);
  const throttled = sum((sample) => sample.throttled);
  // A task that was received and is not done has failed, or its call was throttled, or it runs still: then it was
  // received not longer ago than a task can take.
  const endMs = Math.max(0, ...samples.map(({ atMs, spanMs }) => atMs + spanMs));
  const recent = samples.filter(({ atMs, spanMs }) => atMs + spanMs > endMs - taskMs);
  const lately = recent.reduce((total, sample) => total + sample.received, 0);
  const running = Math.min(concurrency * batchSize, lately);
  const guessed = Math.max(0, received - done - running - throttled * batchSize);
  const known = samples.every(({ failed, received: some }) => failed !== undefined || some === 0);
  const failures = known ? sum(({ failed = 0 }) => failed) : guessed;
  return {
    calls: sum(({ calls }) => calls),
    errors: sum(({ errors }) => errors),
    throttled,
    tasks: done + failures,
    failures,
    durationMs: sum(({ durationMs }) => durationMs),
  };
}

const levels = (samples: readonly HealthSample[]) =>
  samples.map(({ deadLetters }) => deadLetters).filter((level) => level !== undefined);
const first = (samples: readonly HealthSample[]) => levels(samples)[0];
const last = (samples: readonly HealthSample[]) => levels(samples).at(-1);

/** By how much the dead letters have grown; a redrive in between makes it less, never less than nothing. */
function rise(samples: readonly HealthSample[], from: number | undefined): number {
  const highest = Math.max(0, ...levels(samples));
  return from === undefined ? 0 : Math.max(0, highest - from);
}

export function addTasks(a: Tasks, b: Tasks): Tasks {
  return {
    calls: a.calls + b.calls,
    errors: a.errors + b.errors,
    throttled: a.throttled + b.throttled,
    tasks: a.tasks + b.tasks,
    failures: a.failures + b.failures,
    durationMs: a.durationMs + b.durationMs,
    deadLetters: a.deadLetters + b.deadLetters,
  };
}

/** How a pipeline, or a wave's pipelines together, do under a release. */
export type Health =
  | { readonly kind: 'healthy' }
  /** Too few tasks to tell. `clean`: nothing at all has failed; a throttled call is made again. */
  | { readonly kind: 'unknown'; readonly clean: boolean }
  | { readonly kind: 'unhealthy'; readonly evidence: readonly Evidence[] };

/**
 * Holds what happened under a release against what happened under the one before, and against what the
 * settings allow.
 * @param pipelineId absent for the sum of many
 * @param pipelines how many pipelines the sums are of
 */
export function judge(
  before: Tasks,
  after: Tasks,
  settings: RolloutSettings,
  pipelineId?: string,
  pipelines = 1,
): Health {
  const evidence = [
    ...deadLetterEvidence(before, after, settings, pipelines),
    ...shareEvidence(before, after, settings),
    ...durationEvidence(before, after, settings),
  ].map((each) => (pipelineId === undefined ? each : { pipelineId, ...each }));
  if (evidence.length > 0) return { kind: 'unhealthy', evidence };
  if (after.tasks >= settings.minTasks) return { kind: 'healthy' };
  return { kind: 'unknown', clean: isClean(after) };
}

function isClean({ failures, errors, deadLetters }: Tasks): boolean {
  return failures === 0 && errors === 0 && deadLetters === 0;
}

/** Dead letters count from the first: each is a task that every attempt has failed. */
function deadLetterEvidence(
  before: Tasks,
  after: Tasks,
  { deadLetters }: RolloutSettings,
  pipelines: number,
): Evidence[] {
  const allowed = deadLetters * pipelines + before.deadLetters;
  if (after.deadLetters <= allowed) return [];
  const message = `${after.deadLetters} new dead letters, ${allowed} allowed`;
  return [{ what: 'deadLetters', message }];
}

function shareEvidence(before: Tasks, after: Tasks, settings: RolloutSettings): Evidence[] {
  const { minTasks, failureShare, throttleShare } = settings;
  const found: Evidence[] = [];
  const look = (
    what: Evidence['what'],
    bad: (tasks: Tasks) => number,
    all: (tasks: Tasks) => number,
    more: number,
    words: string,
  ) => {
    if (all(after) < minTasks) return;
    const shareOf = (tasks: Tasks) => (all(tasks) === 0 ? 0 : Math.min(1, bad(tasks) / all(tasks)));
    const share = shareOf(after);
    const usual = shareOf(before);
    if (share <= usual + more) return;
    const message = `${bad(after)} of ${all(after)} ${words} (${percent(share)}), ${percent(usual)} before, ${percent(more)} more allowed`;
    found.push({ what, message });
  };
  look(
    'failures',
    (of) => of.failures,
    (of) => of.tasks,
    failureShare,
    'tasks failed',
  );
  look(
    'errors',
    (of) => of.errors,
    (of) => of.calls,
    failureShare,
    'calls ended in an error',
  );
  look(
    'throttles',
    (of) => of.throttled,
    (of) => of.calls + of.throttled,
    throttleShare,
    'calls were throttled',
  );
  return found;
}

function durationEvidence(before: Tasks, after: Tasks, settings: RolloutSettings): Evidence[] {
  const { minTasks, durationFactor } = settings;
  if (before.calls < minTasks || after.calls < minTasks) return [];
  const was = before.durationMs / before.calls;
  const is = after.durationMs / after.calls;
  if (is <= was * durationFactor) return [];
  const message = `a call takes ${Math.round(is)} ms, ${Math.round(was)} ms before, ${durationFactor} times as long allowed`;
  return [{ what: 'duration', message }];
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
