import { counted } from '../rollout/timeline.ts';
import type { Verdict } from '../verdict.ts';
import type { PhaseName } from './api/script.ts';
import type { GroupResult, PhaseResult } from './results.ts';

/** While the API allows at least the limit … */
const MOST_REFUSED = 0.01;
const LEAST_GOODPUT = 0.95;
/** … and while it allows less. */
const MOST_REFUSED_PER_HOLD_AND_SLOT = 2;
const LEAST_GOODPUT_OF_LESS = 0.7;

const ENOUGH: readonly PhaseName[] = ['enough', 'enough again'];
const LESS: readonly PhaseName[] = ['less'];
const REFUSING: readonly PhaseName[] = ['less', 'outage'];

/** Holds what was seen of a run's groups against what limits promise. */
export function judge(groups: readonly GroupResult[]): Verdict[] {
  return [
    allDone(groups),
    noDeadLetters(groups),
    limitsKept(groups),
    hardlyRefused(groups),
    goodput(
      groups,
      'while the API allows enough, goodput is at least 0.95 of the limit',
      ENOUGH,
      LEAST_GOODPUT,
    ),
    fewRefusals(groups),
    goodput(groups, 'while it allows less, goodput is at least 0.7 of that', LESS, LEAST_GOODPUT_OF_LESS),
  ];
}

function allDone(groups: readonly GroupResult[]): Verdict {
  const tasks = sum(groups, (one) => one.tasks);
  const done = sum(groups, (one) => one.done);
  const left = sum(groups, (one) => one.left);
  return {
    promise: 'every task is done',
    isSo: done === tasks && left === 0,
    evidence: `${done} of ${tasks}${left > 0 ? `, ${left} still in a queue` : ''}`,
  };
}

function noDeadLetters(groups: readonly GroupResult[]): Verdict {
  const letters = sum(groups, (one) => one.deadLetters);
  return { promise: 'no dead letters', isSo: letters === 0, evidence: counted(letters, 'dead letter') };
}

function limitsKept(groups: readonly GroupResult[]): Verdict {
  const over = sum(groups, (one) => sum(one.windows, (window) => window.over));
  const overConcurrency = sum(groups, (one) => one.overConcurrency);
  return {
    promise: 'no window over its limit, no more at once than allowed',
    isSo: over === 0 && overConcurrency === 0,
    evidence: `${counted(over, 'start')} over a rate, ${overConcurrency} over a concurrency`,
  };
}

function hardlyRefused(groups: readonly GroupResult[]): Verdict {
  const shares = groups.map((one) => refusedShare(phases(one, ENOUGH)));
  return {
    promise: 'while the API allows enough, it refuses 1 % at most',
    isSo: shares.every((share) => share <= MOST_REFUSED),
    evidence: each(groups, (_, index) => percent(shares[index] ?? 0)),
  };
}

function goodput(
  groups: readonly GroupResult[],
  promise: string,
  names: readonly PhaseName[],
  least: number,
): Verdict {
  const shares = groups.map((one) => goodputShare(phases(one, names)));
  return {
    promise,
    isSo: shares.every((share) => share >= least),
    evidence: each(groups, (_, index) => (shares[index] ?? 0).toFixed(2)),
  };
}

/** A broken API does not refuse: only a breaker would notice. */
function fewRefusals(groups: readonly GroupResult[]): Verdict {
  const perHoldAndSlot = groups.map((one) => {
    const refused = sum(phases(one, REFUSING), (phase) => phase.refused);
    const places = sum(phases(one, REFUSING), (phase) => phase.holds) * one.concurrency;
    return refused === 0 ? 0 : refused / places;
  });
  return {
    promise: 'when it refuses, at most twice per hold and slot',
    isSo: perHoldAndSlot.every((many) => many <= MOST_REFUSED_PER_HOLD_AND_SLOT),
    evidence: each(groups, (one, index) => {
      const many = perHoldAndSlot[index] ?? 0;
      const refused = sum(phases(one, REFUSING), (phase) => phase.refused);
      return Number.isFinite(many) ? many.toFixed(2) : `${refused} without a hold`;
    }),
  };
}

/** 429 and 503 among all answers. */
export function refusedShare(list: readonly PhaseResult[]): number {
  return (
    sum(list, (phase) => phase.refused) /
    Math.max(
      1,
      sum(list, (phase) => phase.requests),
    )
  );
}

/** What the API let through, of what could have been; 1 where there was nothing to be had. */
export function goodputShare(list: readonly PhaseResult[]): number {
  const attainable = sum(list, (phase) => phase.attainable);
  return attainable === 0 ? 1 : sum(list, (phase) => phase.letThrough) / attainable;
}

function phases({ phases: all }: GroupResult, names: readonly PhaseName[]): PhaseResult[] {
  return all.filter(({ name }) => names.includes(name));
}

function each(groups: readonly GroupResult[], say: (group: GroupResult, index: number) => string): string {
  return groups.map((group, index) => `${group.name} ${say(group, index)}`).join(', ');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function sum<T>(list: readonly T[], pick: (one: T) => number): number {
  return list.reduce((total, one) => total + pick(one), 0);
}
