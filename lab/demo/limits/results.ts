import type { RateLimit } from '../../../core/config-record/rate-limit.ts';
import { peakInAnyWindow } from '../../bench/statistics.ts';
import { measure } from '../measure.ts';
import { type PhaseName, type Span, spansOf } from './api/script.ts';
import type { GroupLog, Request } from './api/server.ts';
import { type Group, scriptOf, startsPerSecondOf } from './groups.ts';
import type { Change } from './watch.ts';

/** All that was seen of one group in one run. */
export interface GroupRun {
  readonly group: Group;
  /** Of its mapping. */
  readonly concurrency: number;
  readonly log: GroupLog;
  /** In its dead-letter queue, and in its queue, at the end. */
  readonly deadLetters: number;
  readonly left: number;
  readonly changes: readonly Change[];
}

/** Starts in windows of one length. */
export interface WindowResult extends RateLimit {
  /** Most starts in any. */
  readonly most: number;
  /** Starts that were one too many in the window that ended with them. */
  readonly over: number;
}

/** One phase of the API's, or as much of it as there was work waiting in. */
export interface PhaseResult {
  readonly name: PhaseName;
  /** How long it was measured. */
  readonly seconds: number;
  /** From the phase's begin to the first answer of 200, where the phase before gave none; measured from there. */
  readonly backAfterSeconds?: number;
  readonly requests: number;
  /** 429 and 503. */
  readonly refused: number;
  /** Answered with 200. */
  readonly served: number;
  /** Let through by the API: `served` and those that it then failed by chance. */
  readonly letThrough: number;
  /** What could have been let through: the lower of limit and API. */
  readonly attainable: number;
  readonly holds: number;
}

/** What one group's own stamps and its API's log say. */
export interface GroupResult {
  readonly name: string;
  readonly tasks: number;
  readonly done: number;
  /** Tasks that the API served more than once. */
  readonly twice: number;
  readonly deadLetters: number;
  readonly left: number;
  readonly starts: number;
  readonly windows: readonly WindowResult[];
  readonly concurrency: number;
  /** Most tasks at one moment, and starts above `concurrency`. */
  readonly peak: number;
  readonly overConcurrency: number;
  /** Starts per second that the group's limit allows: of one without a rate, as many as its slots can do. */
  readonly limitPerSecond: number;
  /** From the first request to the last task done. */
  readonly seconds: number;
  readonly phases: readonly PhaseResult[];
  readonly breaker: readonly BreakerChange[];
}

/** Seconds since the group's first request. */
export type BreakerChange = { readonly atSeconds: number } & Pick<
  Extract<Change, { kind: 'breaker' }>,
  'state' | 'evidence'
>;

export function resultOf(run: GroupRun): GroupResult {
  const { group, concurrency, log, deadLetters, left, changes } = run;
  const { beganAtMs, requests } = log;
  const starts = requests.map(({ startedAtMs }) => startedAtMs);
  const stamps = requests.map(({ startedAtMs, answeredAtMs }) => ({
    group: group.name,
    startedAtMs,
    endedAtMs: answeredAtMs,
  }));
  const { peak, violations } = measure(stamps, concurrency, beganAtMs);
  const doneAtMs = doneTimes(requests);
  const limitPerSecond = startsPerSecondOf(group) ?? concurrency / meanSeconds(requests);
  return {
    name: group.name,
    tasks: group.tasks,
    done: doneAtMs.length,
    twice: servedTwice(requests),
    deadLetters,
    left,
    starts: starts.length,
    windows: group.rates.map((rate) => windowOf(starts, rate)),
    concurrency,
    peak,
    overConcurrency: violations,
    limitPerSecond,
    seconds: ((doneAtMs.at(-1) ?? beganAtMs) - beganAtMs) / 1000,
    phases: phasesOf(run, limitPerSecond, waitingUntilMs(doneAtMs) - beganAtMs),
    breaker: changes.flatMap((change) => {
      if (change.kind !== 'breaker') return [];
      const { kind: _, sinceMs, ...more } = change;
      return [{ atSeconds: (sinceMs - beganAtMs) / 1000, ...more }];
    }),
  };
}

/** When each task was served for the first time, in order. */
function doneTimes(requests: readonly Request[]): number[] {
  const first = new Map<number, number>();
  for (const { task, status, answeredAtMs } of requests) {
    if (status === 200 && !first.has(task)) first.set(task, answeredAtMs);
  }
  return [...first.values()].sort((a, b) => a - b);
}

function servedTwice(requests: readonly Request[]): number {
  const served = requests.filter(({ status }) => status === 200).map(({ task }) => task);
  const again = served.filter((task, index) => served.indexOf(task) !== index);
  return new Set(again).size;
}

export function windowOf(startsMs: readonly number[], { tasks, perSeconds }: RateLimit): WindowResult {
  const sorted = startsMs.toSorted((a, b) => a - b);
  const over = sorted.filter((atMs, index) => {
    const first = sorted[index - tasks];
    return first !== undefined && atMs - first < perSeconds * 1000;
  });
  return { tasks, perSeconds, most: peakInAnyWindow(startsMs, perSeconds * 1000), over: over.length };
}

/** How long a request takes that is let through. */
function meanSeconds(requests: readonly Request[]): number {
  const through = requests.filter(isLetThrough);
  const ms = through.reduce((sum, { startedAtMs, answeredAtMs }) => sum + answeredAtMs - startedAtMs, 0);
  return ms / 1000 / Math.max(1, through.length);
}

function isLetThrough({ cause }: Request): boolean {
  return cause === 'served' || cause === 'chance';
}

/** The last few come one by one, and say nothing about what a group can do. */
const WAITING_SHARE = 0.97;

function waitingUntilMs(doneAtMs: readonly number[]): number {
  return doneAtMs[Math.ceil(WAITING_SHARE * doneAtMs.length) - 1] ?? 0;
}

/** Just before a phase begins a request may be refused, and the group wait for it just after. */
const HOLD_LATE_MS = 300;

function phasesOf(
  { group, log, changes }: GroupRun,
  limitPerSecond: number,
  waitingMs: number,
): PhaseResult[] {
  const { beganAtMs, requests } = log;
  const spans = spansOf(scriptOf(group), waitingMs);
  return spans.flatMap((span, index): PhaseResult[] => {
    const during = requests.filter(({ arrivedAtMs }) => isIn(span, arrivedAtMs - beganAtMs));
    const isBack = spans[index - 1]?.mood.kind === 'out';
    const firstMs = isBack ? firstServedMs(during) - beganAtMs : span.fromMs;
    const measured = during.filter(({ arrivedAtMs }) => arrivedAtMs - beganAtMs >= firstMs);
    const seconds = (span.toMs - firstMs) / 1000;
    if (seconds <= 0) return [];
    const held = changes.filter(
      ({ kind, sinceMs }) => kind === 'hold' && isIn(span, sinceMs - beganAtMs - HOLD_LATE_MS),
    );
    return [
      {
        name: span.name,
        seconds,
        ...(isBack && { backAfterSeconds: (firstMs - span.fromMs) / 1000 }),
        requests: during.length,
        refused: during.filter(({ status }) => status === 429 || status === 503).length,
        served: measured.filter(({ status }) => status === 200).length,
        letThrough: measured.filter(isLetThrough).length,
        attainable: Math.min(limitPerSecond * seconds, allowedIn(span, seconds)),
        holds: held.length,
      },
    ];
  });
}

/** From here on a group may know that its API is back. */
function firstServedMs(requests: readonly Request[]): number {
  return Math.min(...requests.filter(({ status }) => status === 200).map(({ answeredAtMs }) => answeredAtMs));
}

function isIn({ fromMs, toMs }: Span, atMs: number): boolean {
  return atMs >= fromMs && atMs < toMs;
}

/** The bucket is full when a phase begins: it holds one second's worth. */
function allowedIn({ mood }: Span, seconds: number): number {
  return mood.kind === 'allows' ? mood.perSecond * (seconds + 1) : 0;
}
