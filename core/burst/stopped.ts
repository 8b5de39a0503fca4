import type { BurstOutlook, Stopped } from './foresee.ts';

/** Why none of a pipeline's tasks starts for now, in words, and until when; undefined where some do. */
export function stoppedWords({
  pipelineId,
  isPaused,
  stopped,
}: Pick<BurstOutlook, 'pipelineId' | 'isPaused' | 'stopped'>): string | undefined {
  if (isPaused)
    return `${pipelineId} is paused: its queue takes the tasks, and none starts until it is resumed`;
  if (stopped === undefined) return undefined;
  return `${pipelineId}: ${stopped.says}: none starts ${isForAWhile(stopped) ? 'before, and all that is predicted comes later' : 'until that changes'}`;
}

/** These end by themselves. */
function isForAWhile({ kind }: Stopped): boolean {
  return kind === 'breakerOpen' || kind === 'held';
}
