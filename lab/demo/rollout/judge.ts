import type { ReleaseRecord } from '../../../core/release/record.ts';
import { measure } from '../measure.ts';
import type { Verdict } from '../verdict.ts';
import { type Attempt, type Ended, hasEnded } from './attempts.ts';
import type { Group } from './fleet.ts';
import { counted, type Moment } from './timeline.ts';

/** All that the demo has seen. */
export interface Story {
  readonly groups: readonly Group[];
  /** Tasks that SQS has accepted of each group; numbered from 1. */
  readonly accepted: ReadonlyMap<string, number>;
  readonly attempts: readonly Attempt[];
  /** Dead letters of each group at the end. */
  readonly deadLetters: ReadonlyMap<string, number>;
  /** The number of the release that each group runs at the end. */
  readonly releaseAtEnd: ReadonlyMap<string, number>;
  /** Milliseconds since the story began; `beganAtMs` is that moment, epoch milliseconds. */
  readonly timeline: readonly Moment[];
  readonly beganAtMs: number;
  /** Releases 2 and 3. */
  readonly good: ReleaseRecord;
  readonly bad: ReleaseRecord;
}

/** What one group's own stamps say. */
export interface GroupResult extends Group {
  readonly accepted: number;
  readonly done: number;
  /** Tasks that nobody has done. */
  readonly missing: readonly number[];
  readonly failed: number;
  readonly brokenOff: number;
  /** Most tasks at one moment, and starts above the limit. */
  readonly peak: number;
  readonly violations: number;
  readonly deadLetters: number;
  /** Releases in the order in which its tasks ran on them: back and forth would be seen here. */
  readonly releases: readonly number[];
}

const GOOD = 2;
const BAD = 3;

export function groupResults(story: Story): GroupResult[] {
  return story.groups.map((group) => {
    const own = story.attempts.filter(({ pipelineId }) => pipelineId === group.pipelineId);
    const ended = own.filter(hasEnded);
    const stamps = ended.map((one) => ({ ...one, group: one.pipelineId }));
    const { peak, violations } = measure(stamps, group.limit, story.beganAtMs);
    const accepted = story.accepted.get(group.pipelineId) ?? 0;
    const done = new Set(own.filter(({ fate }) => fate === 'done').map(({ task }) => task));
    return {
      ...group,
      accepted,
      done: done.size,
      missing: Array.from({ length: accepted }, (_, index) => index + 1).filter((task) => !done.has(task)),
      failed: tasksOf(own.filter(({ fate }) => fate === 'failed')).size,
      brokenOff: own.filter(({ fate }) => fate === 'brokenOff').length,
      peak,
      violations,
      deadLetters: story.deadLetters.get(group.pipelineId) ?? 0,
      releases: sequenceOf(ended),
    };
  });
}

/** Holds what was seen against what a rollout promises. */
export function judge(story: Story): Verdict[] {
  const results = groupResults(story);
  return [
    noneLost(results),
    noneBrokenOff(results),
    limitsKept(results),
    goodReachedAll(story),
    inWaves(story),
    badStopped(story),
    badSeenByCanaryOnly(story, results),
    inOrder(results),
    deadLettersReturned(story, results),
    allOnGood(story),
  ];
}

function noneLost(results: readonly GroupResult[]): Verdict {
  const accepted = sum(results, (one) => one.accepted);
  const done = sum(results, (one) => one.done);
  const letters = sum(results, (one) => one.deadLetters);
  return {
    promise: 'no task is lost',
    isSo: accepted > 0 && results.every(({ missing }) => missing.length === 0) && letters === 0,
    evidence: `${done} of ${accepted} accepted tasks done, ${counted(letters, 'dead letter')} at the end`,
  };
}

function noneBrokenOff(results: readonly GroupResult[]): Verdict {
  const brokenOff = sum(results, (one) => one.brokenOff);
  return {
    promise: 'tasks finish on the code they started with',
    isSo: brokenOff === 0,
    evidence: `${counted(brokenOff, 'attempt')} broken off`,
  };
}

function limitsKept(results: readonly GroupResult[]): Verdict {
  const violations = sum(results, (one) => one.violations);
  const full = results.filter(({ peak, limit }) => peak === limit).length;
  return {
    promise: 'no group runs above its limit',
    isSo: violations === 0,
    evidence: `${counted(violations, 'start')} above a limit; ${full} of ${results.length} groups were at theirs`,
  };
}

function goodReachedAll({ good, groups, attempts }: Story): Verdict {
  const ran = groups.filter(({ pipelineId }) => firstOn(attempts, pipelineId, GOOD) !== undefined).length;
  return {
    promise: 'the good release reaches every pipeline',
    isSo: good.state === 'Done' && ran === groups.length,
    evidence: `${good.state}; ${ran} of ${groups.length} groups ran tasks on it`,
  };
}

/** When a wave opens, nobody but those of the waves before has run a task on it, and the first of them has. */
function inWaves({ good, groups, attempts, timeline, beganAtMs }: Story): Verdict {
  const firsts = groups.flatMap(({ pipelineId }) => firstOn(attempts, pipelineId, GOOD) ?? []);
  const planned = good.waves.map(({ pipelines }) => pipelines);
  const allowed = planned.map((_, index) => sum(planned.slice(0, index), (pipelines) => pipelines));
  const ran = planned.map((_, index) => {
    const isIt = (one: Moment) => one.kind === 'wave' && one.release === GOOD && one.number === index + 1;
    const openedAtMs = beganAtMs + (timeline.find(isIt)?.atMs ?? Infinity);
    return firsts.filter(({ startedAtMs }) => startedAtMs < openedAtMs).length;
  });
  return {
    promise: 'it goes out in waves, one pipeline first',
    isSo: planned[0] === 1 && ran[1] === 1 && ran.every((count, index) => count <= (allowed[index] ?? 0)),
    evidence: `waves of ${planned.join(' + ')}; when each opened, ${ran.join(', ')} had run a task on it, ${allowed.join(', ')} allowed`,
  };
}

function badStopped({ bad }: Story): Verdict {
  const found = bad.evidence.map(({ message }) => message).join('; ');
  return {
    promise: 'the bad release is stopped at the canary and taken back',
    isSo: bad.state === 'RolledBack' && bad.returned === true && bad.wave === 0,
    evidence: `${bad.state} in wave ${bad.wave + 1} of ${bad.waves.length}: ${found}`,
  };
}

function badSeenByCanaryOnly({ attempts }: Story, results: readonly GroupResult[]): Verdict {
  const on = attempts.filter(({ release }) => release === BAD);
  const groups = [...new Set(on.map(({ pipelineId }) => pipelineId))];
  const others = results.length - groups.length;
  return {
    promise: 'no other pipeline sees it',
    isSo: groups.length === 1,
    evidence: `${counted(on.length, 'attempt')} on it, in ${groups.join(' ') || 'no group'}; none in the ${others} others`,
  };
}

function inOrder(results: readonly GroupResult[]): Verdict {
  const expected = ['1 2', '1 2 3 2'];
  const wrong = results.filter(({ releases }) => !expected.includes(releases.join(' ')));
  return {
    promise: 'a pipeline runs old code until its switch and new code from it on',
    isSo: wrong.length === 0,
    evidence:
      wrong.length === 0
        ? `releases by start of task: ${expected.map((one) => `${one} in ${results.filter(({ releases }) => releases.join(' ') === one).length}`).join(', ')}`
        : wrong.map(({ pipelineId, releases }) => `${pipelineId}: ${releases.join(' ')}`).join('; '),
  };
}

/** Every task that failed under the bad release was done after it. */
function deadLettersReturned({ attempts, bad }: Story, results: readonly GroupResult[]): Verdict {
  const failed = tasksOf(attempts.filter(({ fate }) => fate === 'failed'));
  const underBad = tasksOf(attempts.filter(({ fate, release }) => fate === 'failed' && release === BAD));
  const done = tasksOf(attempts.filter(({ fate }) => fate === 'done'));
  const mended = [...underBad].filter((task) => done.has(task)).length;
  const { redriven = 0 } = bad;
  const left = sum(results, (one) => one.deadLetters);
  return {
    promise: 'tasks that failed under it are sent again and done',
    isSo:
      underBad.size > 0 &&
      mended === underBad.size &&
      failed.size === underBad.size &&
      redriven > 0 &&
      left === 0,
    evidence: `${mended} of ${counted(underBad.size, 'failed task')} done after it, ${counted(redriven, 'dead letter')} sent again`,
  };
}

function allOnGood({ groups, releaseAtEnd }: Story): Verdict {
  const on = groups.filter(({ pipelineId }) => releaseAtEnd.get(pipelineId) === GOOD).length;
  return {
    promise: 'everybody ends on the good release',
    isSo: on === groups.length,
    evidence: `${on} of ${groups.length}`,
  };
}

function firstOn(attempts: readonly Attempt[], pipelineId: string, release: number): Ended | undefined {
  return attempts.filter(hasEnded).find((one) => one.pipelineId === pipelineId && one.release === release);
}

/** Each stretch of tasks on one release is one entry. */
function sequenceOf(ended: readonly Ended[]): number[] {
  return ended.map(({ release }) => release).filter((release, index, all) => release !== all[index - 1]);
}

function tasksOf(attempts: readonly Attempt[]): Set<string> {
  return new Set(attempts.map(({ pipelineId, task }) => `${pipelineId} ${task}`));
}

function sum<T>(list: readonly T[], pick: (one: T) => number): number {
  return list.reduce((total, one) => total + pick(one), 0);
}
