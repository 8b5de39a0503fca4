import type { Breaker } from '../../../../core/flow/breaker.ts';
import type { Scenario } from '../scenario.ts';
import type { Outcome } from '../world.ts';
import { at, type Check, some } from './check.ts';

interface BreakerNote {
  readonly atMs: number;
  readonly breaker: Breaker;
}

/** Each state that the breaker came to, in order. */
function statesOf({ book }: Outcome): readonly BreakerNote[] {
  const notes: BreakerNote[] = [];
  for (const { atMs, state } of book.groups) {
    const { breaker } = state;
    if (breaker !== undefined && breaker.state !== notes.at(-1)?.breaker.state) notes.push({ atMs, breaker });
  }
  return notes;
}

const NEXT: Readonly<Record<Breaker['state'], readonly Breaker['state'][]>> = {
  closed: ['open'],
  open: ['halfOpen'],
  halfOpen: ['open', 'closed'],
};

/** It opens for failures, probes, and in the end is closed: by no other way. */
export const opensProbesAndCloses: Check = (outcome) => {
  const states = statesOf(outcome);
  if (states.length === 0) return ['it never opened'];
  let before: Breaker['state'] = 'closed';
  const wrong: string[] = [];
  for (const { atMs, breaker } of states) {
    if (!NEXT[before].includes(breaker.state))
      wrong.push(`${before} to ${breaker.state} at ${at(outcome, atMs)}`);
    before = breaker.state;
  }
  return before === 'closed' ? some(wrong) : [...wrong, `it is ${before} in the end`];
};

export const neverOpens: Check = (outcome) =>
  statesOf(outcome).some(({ breaker }) => breaker.state === 'open') ? ['it opened'] : [];

/** While it is open nobody starts; while it probes, only as many as may. */
export function startsOnlyProbes(knownAfterMs: number): Check {
  return (outcome) => {
    const { book, limits, skewBoundMs } = outcome;
    const wrong: string[] = [];
    for (const [index, { atMs, state }] of book.groups.entries()) {
      const { breaker } = state;
      const nextMs = book.groups[index + 1]?.atMs ?? book.endMs;
      if (breaker?.state === 'open') {
        const untilMs = Math.min(nextMs, breaker.untilMs - skewBoundMs);
        const early = book.starts.filter(({ trueMs }) => trueMs > atMs + knownAfterMs && trueMs < untilMs);
        for (const { task, trueMs } of early)
          wrong.push(`task ${task} started at ${at(outcome, trueMs)}, while open`);
      }
      const most = limits.breaker?.probes ?? 0;
      if (breaker?.state !== 'halfOpen') continue;
      const probes = breaker.probes.length + breaker.succeeded + (breaker.failed ?? 0);
      if (probes > most) wrong.push(`${probes} probes at ${at(outcome, atMs)}, ${most} allowed`);
    }
    return some(wrong);
  };
}

/** Once it has opened, hardly any task fails but its probes, until it is closed again. */
export function failsOnlyProbes(knownAfterMs: number): Check {
  return (outcome) => {
    const { book, limits, wanted } = outcome;
    const states = statesOf(outcome);
    const wrong: string[] = [];
    for (const [index, { atMs, breaker }] of states.entries()) {
      if (breaker.state === 'closed') continue;
      const untilMs = states[index + 1]?.atMs ?? book.endMs;
      const failed = book.starts.filter(
        ({ trueMs, end }) => end?.how === 'threw' && trueMs > atMs + knownAfterMs && trueMs <= untilMs,
      ).length;
      const most = breaker.state === 'open' ? 0 : (limits.breaker?.probes ?? 0);
      if (failed > most)
        wrong.push(`${failed} failed while ${breaker.state} from ${at(outcome, atMs)}, ${most} allowed`);
      const atOnce = book.starts.filter(
        ({ trueMs, end }) => end?.how === 'threw' && trueMs > atMs && trueMs <= atMs + knownAfterMs,
      ).length;
      const meanwhile = wanted.concurrency * 20;
      if (breaker.state === 'open' && atOnce > meanwhile) wrong.push(`${atOnce} failed as it opened`);
    }
    return some(wrong);
  };
}

/** What the API was like all the time from one moment to another: the largest share of requests that failed. */
function failuresBetween({ api }: Scenario, fromMs: number, toMs: number): number {
  const phases = api?.phases ?? [];
  const during = phases.filter(
    (phase, index) => phase.fromMs <= toMs && (phases[index + 1]?.fromMs ?? toMs) >= fromMs,
  );
  return Math.max(0, ...during.map(({ failures = 0 }) => failures));
}

/** Where only few of the API's requests fail, hardly any round of probes opens the breaker again. */
export function recovers(fewFailures: number, mostReopened: number): Check {
  return (outcome, scenario) => {
    const { beginMs } = outcome.book;
    const states = statesOf(outcome);
    const rounds = states.flatMap(({ atMs, breaker }, index) => {
      const next = states[index + 1];
      if (breaker.state !== 'halfOpen' || next === undefined) return [];
      const failures = failuresBetween(scenario, atMs - beginMs, next.atMs - beginMs);
      return failures <= fewFailures ? [next.breaker.state] : [];
    });
    const reopened = rounds.filter((state) => state === 'open').length;
    if (rounds.length === 0) return ['it never recovered'];
    return reopened <= mostReopened ? [] : [`${reopened} of ${rounds.length} recoveries opened it again`];
  };
}

export const startsNothing: Check = ({ book }) =>
  book.starts.length === 0 ? [] : [`${book.starts.length} tasks were started`];
