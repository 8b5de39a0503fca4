import type { Verdict } from '../verdict.ts';
import { isTrue, type RunResult, type Way } from './results.ts';
import { IDEAL, TASKS, WINDOW } from './settings.ts';

/** The planned burst may peak so many times as high as no plan could help. */
const MOST_OVER_IDEAL = 1.25;
/** Messages are delivered a little after they are due. */
const LATE_SECONDS = 1;

/** Holds what was seen against what a plan promises. */
export function judge(runs: Readonly<Record<Way, RunResult>>): Verdict[] {
  const { random, planned } = runs;
  const all = Object.values(runs);
  const triggered = all.filter(({ way }) => way !== 'random');
  const over = planned.peak / IDEAL;
  return [
    {
      promise: 'every task is done, and once',
      isSo: all.every(({ tasks, twice }) => tasks === TASKS && twice === 0),
      evidence: all
        .map(({ way, tasks, twice }) => `${way} ${tasks}${twice > 0 ? `, ${twice} twice` : ''}`)
        .join(', '),
    },
    {
      promise: `planned, the peak is at most ${MOST_OVER_IDEAL} × the ideal`,
      isSo: over <= MOST_OVER_IDEAL,
      evidence: `${planned.peak} of ${IDEAL.toFixed(2)}, ${over.toFixed(2)} ×`,
    },
    {
      promise: 'it is lower than at random',
      isSo: planned.peak < random.peak,
      evidence: `${planned.peak} and ${random.peak}`,
    },
    {
      promise: `planned, every task starts within ${WINDOW.minSeconds} to ${WINDOW.maxSeconds + 1} s`,
      isSo:
        planned.firstStartSeconds >= WINDOW.minSeconds &&
        planned.lastStartSeconds <= WINDOW.maxSeconds + 1 + LATE_SECONDS,
      evidence: `${planned.firstStartSeconds.toFixed(1)} to ${planned.lastStartSeconds.toFixed(1)} s`,
    },
    {
      promise: 'each burst’s record has ended with totals that are the truth',
      isSo: triggered.every(isTrue),
      evidence: triggered
        .map(({ way, record }) => `${way} ${record?.state ?? 'no record'}, ${record?.totals?.done ?? 0} done`)
        .join('; '),
    },
  ];
}
