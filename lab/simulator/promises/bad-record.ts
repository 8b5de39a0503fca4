import { parseConfigRecord } from '../../../core/config-record.ts';
import type { Done, History } from '../history.ts';
import { STAGE } from '../world/world.ts';

/** While a record is bad, no run that began after it went bad changes any resource. */
export function aBadRecordHarmsNothing(history: History): readonly string[] {
  return history.names.flatMap((pipelineId) =>
    badSpans(history, pipelineId).flatMap(({ fromMs, untilMs }) =>
      history.calls
        .filter((call) => call.mutates && call.pipelineId === pipelineId)
        .filter(
          ({ caller, startMs }) => beganAtMs(history, caller.owner, startMs) > fromMs && startMs < untilMs,
        )
        .map(({ operation }) => `${pipelineId}: ${operation} is called for a record that is bad`),
    ),
  );
}

/** When the run that a change belongs to began, as its claim says it: it read the record after that. */
function beganAtMs({ writes }: History, owner: string, beforeMs: number): number {
  const claims = writes.filter(({ atMs, record }) => record.lease?.owner === owner && atMs <= beforeMs);
  return claims.at(-1)?.record.run?.startedAtMs ?? 0;
}

function badSpans(history: History, pipelineId: string): { fromMs: number; untilMs: number }[] {
  const own = history.done.filter((one) => one.pipelineId === pipelineId && one.deed.kind !== 'send');
  return own.flatMap((one, index) => {
    if (!isBad(history, one)) return [];
    const next = own.slice(index + 1).find((later) => !isBad(history, later));
    return [{ fromMs: one.atMs, untilMs: next?.atMs ?? Number.POSITIVE_INFINITY }];
  });
}

function isBad({ world }: History, { record }: Done): boolean {
  if (record === undefined) return false;
  return (
    parseConfigRecord(record, { stage: STAGE, accountConcurrency: world.functions.concurrency.total })
      .kind === 'invalid'
  );
}
