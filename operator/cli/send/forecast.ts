import type { BurstOutlook } from '../../../core/burst/foresee.ts';
import type { Considered } from '../../../core/burst/plan-measured.ts';
import { stoppedWords } from '../../../core/burst/stopped.ts';
import type { EstimateSource } from '../../../core/spread/estimate.ts';
import type { BoundBy, BurstPlan } from '../../../core/spread/plan.ts';
import { duration } from '../../../core/verdict/amounts.ts';
import { counted, number } from '../numbers.ts';

/** What is said before a burst is sent: what is known of it, and what will come of it. */
export function forecastLines(
  { pipelineId, bounds }: Pick<BurstOutlook, 'pipelineId' | 'bounds'>,
  { total }: Pick<Considered, 'total'>,
  { estimate, predicted, boundBy, window }: BurstPlan,
): readonly string[] {
  const { finishSeconds, finishRange, peakConcurrency } = predicted;
  const { fromSeconds, toSeconds } = finishRange;
  const [from, to] = [duration(fromSeconds), duration(toSeconds)];
  const within = from === to ? '' : ` (${from} to ${to})`;
  return [
    `${pipelineId}: ${counted(total, 'task')} of about ${shortTime(estimate.meanSeconds)}, ${SOURCES[estimate.source]}`,
    `predicted: over in ${duration(finishSeconds)}${within}, at most ${number(peakConcurrency)} at once, due ${dueWords(window)}`,
    `bound by ${boundWords(boundBy, bounds)}`,
  ];
}

/** Why none of them starts for now, where that is so, and what would change it. */
export function stoppedLine(
  outlook: Pick<BurstOutlook, 'pipelineId' | 'isPaused' | 'stopped'>,
): string | undefined {
  const { pipelineId, isPaused, stopped } = outlook;
  if (isPaused) return `${pipelineId} is paused: none starts until sluice resume ${pipelineId}`;
  const words = stoppedWords(outlook);
  if (words === undefined) return undefined;
  const action =
    stopped?.kind === 'forcedOpen' ? `sluice breaker ${pipelineId} auto` : stopped?.remedy?.action;
  return [words, ...(action === undefined ? [] : [`what would change it: ${action}`])].join(' — ');
}

const SOURCES: Readonly<Record<EstimateSource, string>> = {
  tasks: 'as they say themselves',
  bytes: 'by the bytes that they say',
  measured: 'as it took of late',
  default: 'as long as nobody has measured it',
};

function boundWords(boundBy: BoundBy, { concurrency, rateLimits, backlog }: BurstOutlook['bounds']): string {
  switch (boundBy) {
    case 'goal':
      return 'how you spread it';
    case 'concurrency':
      return `its concurrency, ${number(concurrency)} at once`;
    case 'rateLimit': {
      const limits = rateLimits.map(
        ({ tasks, perSeconds }) => `${number(tasks)} per ${duration(perSeconds)}`,
      );
      return `its rate limit, ${limits.join(' and ')}`;
    }
    case 'backlog':
      return `${counted(backlog, 'task')} before it`;
    case 'tasks':
      return 'nothing but how long each task takes';
  }
}

function dueWords({ minSeconds, maxSeconds }: BurstPlan['window']): string {
  if (maxSeconds <= 0) return 'at once';
  return `between ${duration(minSeconds)} and ${duration(maxSeconds)} from now`;
}

/** Tasks may be much shorter than a second. */
function shortTime(seconds: number): string {
  if (seconds >= 10) return duration(seconds);
  return seconds >= 1 ? `${number(seconds, 1)} s` : `${number(Math.max(1, seconds * 1000))} ms`;
}
