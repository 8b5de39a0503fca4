import type { PipelineRow } from './pipelines.ts';

/**
 * Tasks of a pipeline that run: of those that are received no more than its limit, for the consumer holds back the
 * others until a slot, its rate or the end of a hold lets them start.
 * @returns undefined where nobody has looked
 */
export function runningIn({
  look,
  concurrency,
}: Pick<PipelineRow, 'look' | 'concurrency'>): number | undefined {
  return look && Math.min(look.running, concurrency ?? look.running);
}
