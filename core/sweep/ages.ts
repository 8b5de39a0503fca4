import type { Past } from './past.ts';

/**
 * Ages of messages that one tick asks CloudWatch for, a metric each at $0.01 per 1,000: at most $8.64 a month
 * (https://aws.amazon.com/cloudwatch/pricing/).
 */
export const AGES_A_TICK = 20;

/** An age that is younger than this serves on. */
const FRESH_MS = 240_000;

/**
 * Whose oldest message may be late: only pipelines that no look has found without tasks for so long. Of too many, those
 * first that were asked for the longest ago.
 */
export function agesToAsk(
  pasts: readonly (readonly [pipelineId: string, past: Past])[],
  lateSeconds: number,
  nowMs: number,
): readonly string[] {
  return pasts
    .filter(([, { busySinceMs = nowMs }]) => nowMs - busySinceMs > lateSeconds * 1000)
    .filter(([, { aged }]) => aged === undefined || nowMs - aged.atMs >= FRESH_MS)
    .toSorted(([a, pastA], [b, pastB]) => askedMs(pastA) - askedMs(pastB) || (a < b ? -1 : 1))
    .slice(0, AGES_A_TICK)
    .map(([pipelineId]) => pipelineId);
}

function askedMs({ aged }: Past): number {
  return aged?.atMs ?? 0;
}
