import { startsPerSecond } from '../../../../core/flow/pace.ts';
import type { Outcome } from '../world.ts';
import { at, type Check, some } from './check.ts';
import { type Overfull, overfullWindows } from './windows.ts';

/** No window of any limit holds more starts than it may, by the true time and by the tasks' own stamps. */
export const keepsRates: Check = (outcome) => {
  const { book, wanted, limits, skewBoundMs } = outcome;
  const isBySlots = limits.pace.kind === 'slots';
  const killedMs = isBySlots ? kills(outcome) : [];
  return wanted.rateLimits.flatMap(({ tasks, perSeconds }) => {
    const perMs = perSeconds * 1000;
    const truly = overfullWindows(
      book.starts.map(({ trueMs }) => trueMs),
      { tasks, perMs },
      killedMs,
    );
    // Two slots' clocks have nothing to do with each other: by their stamps a slot's rest may look shorter.
    const ownPerMs = isBySlots ? perMs - 2 * skewBoundMs : perMs;
    const byStamp = overfullWindows(
      book.starts.map(({ ownMs }) => ownMs),
      { tasks, perMs: ownPerMs },
      killedMs,
      2 * skewBoundMs,
    );
    return [...say(outcome, 'true time', perSeconds, truly), ...say(outcome, 'stamps', perSeconds, byStamp)];
  });
};

function say(outcome: Outcome, by: string, perSeconds: number, overfull: readonly Overfull[]) {
  return some(
    overfull.map(
      ({ fromMs, starts, allowed }) =>
        `by ${by} ${starts} starts in the ${perSeconds} s from ${at(outcome, fromMs)}, ${allowed} allowed`,
    ),
  );
}

/** When slots were freed by death. */
function kills({ book }: Outcome): readonly number[] {
  return book.calls.flatMap(({ how, endMs }) => (how === 'killed' || how === 'timedOut' ? [endMs] : []));
}

/** Of all starts; after them the queue is not full any more, but for tasks that come back from a failure. */
const WHILE_FULL = 0.98;

/** Starts as a share of what the strictest limit allows while the queue is full. */
export function shareOfLimit({ book, wanted }: Outcome, warmUpMs: number): number {
  const fromMs = book.beginMs + warmUpMs;
  const startsMs = book.starts.map(({ trueMs }) => trueMs).sort((a, b) => a - b);
  const lastMs = startsMs[Math.floor(WHILE_FULL * (startsMs.length - 1))] ?? fromMs;
  const started = book.starts.filter(({ trueMs }) => trueMs >= fromMs && trueMs < lastMs).length;
  return started / (((lastMs - fromMs) / 1000) * startsPerSecond(wanted.rateLimits));
}

/** With a full queue at least this share of the limit is started. */
export function reaches(share: number, warmUpMs: number): Check {
  return (outcome) => {
    const reached = shareOfLimit(outcome, warmUpMs);
    return reached >= share ? [] : [`only ${reached.toFixed(4)} of the limit, wanted ${share}`];
  };
}
