import type { BurstProgress } from '../../../core/burst/progress.ts';
import { clock, counted, tasks } from './words.ts';

/** Whether a burst has ended with all of its tasks done, as far as anybody has noted it. */
export function endedWell({ state, isCounted, totals }: BurstProgress): boolean {
  const { refused, deadLettered, unaccounted } = totals;
  return state === 'Ended' && refused === 0 && deadLettered === 0 && (!isCounted || unaccounted === 0);
}

/** What came of a burst, in a line. */
export function endingLine(progress: BurstProgress): string {
  const { burstId, pipelineId, isCancelled, isCounted, totals, eta, startMs, predicted } = progress;
  const { total, sent, done, deadLettered, refused, unaccounted } = totals;
  const endMs = eta.kind === 'over' ? eta.atMs : progress.atMs;
  const parts = [
    isCounted
      ? `${tasks(done)} of ${tasks(total)} done`
      : `${tasks(sent)} of ${tasks(total)} sent, not counted`,
    ...(isCancelled ? ['cancelled'] : []),
    ...(deadLettered > 0 ? [counted(deadLettered, 'dead letter')] : []),
    ...(refused > 0 ? [`${tasks(refused)} refused`] : []),
    ...(isCounted && unaccounted > 0 ? [`${tasks(unaccounted)} unaccounted for`] : []),
    `took ${clock(endMs - startMs)} (predicted ${clock(predicted.finishMs - startMs)})`,
    ...(isCounted ? [`peak ${progress.peakConcurrency} (predicted ${predicted.peakConcurrency})`] : []),
  ];
  return `${pipelineId} ${burstId}: ${parts.join(', ')}`;
}
