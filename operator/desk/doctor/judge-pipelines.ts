import { parseConfigRecord, type Wanted } from '../../../core/config-record.ts';
import { equalJson } from '../../../core/equal-json.ts';
import { keepSteady } from '../../../core/flow/measured.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import { attention, type Finding, named, well } from './finding.ts';

/** All records of a stage, as they stand. */
export interface Records {
  readonly stage: string;
  readonly nowMs: number;
  readonly accountConcurrency?: number | undefined;
  readonly configs: readonly Readonly<Record<string, unknown>>[];
  readonly statuses: readonly StatusRecord[];
}

/** A dead writer's lease is taken over by the reconciler's next looks. */
const DEAD_WRITER_MS = 300_000;

/** What needs attention among all pipelines. */
export function judgePipelines(records: Records): readonly Finding[] {
  const { statuses, nowMs } = records;
  const ids = (found: readonly StatusRecord[]) => found.map(({ pipelineId }) => pipelineId).sort();
  const failed = ids(statuses.filter(({ phase }) => phase === 'Failed'));
  const rejected = ids(statuses.filter(({ phase }) => phase === 'Rejected'));
  const dead = ids(statuses.filter(({ lease }) => lease && lease.untilMs < nowMs - DEAD_WRITER_MS));
  const drifted = driftedIds(records);
  const trouble = [
    ...some(
      failed,
      'failed',
      'whose last change failed',
      'sluice why says in which step and why; it is tried again by itself',
    ),
    ...some(
      rejected,
      'rejected',
      'whose record is rejected',
      'sluice why names the field; correct the record with sluice put',
    ),
    ...some(
      drifted,
      'not applied',
      'whose record is not applied',
      'the reconciler finds it within minutes; if not, look at its log and at the queue of failed changes',
    ),
    ...some(
      dead,
      'dead writer',
      'whose last change was broken off',
      'the reconciler takes it over; if it does not, look at its log',
    ),
  ];
  if (trouble.length > 0) return trouble;
  const live = statuses.filter(({ phase }) => phase !== 'Deleted').length;
  return [well('pipelines', `${live} are what their records say`)];
}

function some(ids: readonly string[], about: string, which: string, action: string): readonly Finding[] {
  if (ids.length === 0) return [];
  const pipelines = ids.length === 1 ? '1 pipeline' : `${ids.length} pipelines`;
  return [attention(about, `${pipelines} ${which}: ${named(ids)}`, action)];
}

/** Pipelines that nobody is at work on, and whose status is not what their record asks for. */
export function driftedIds({ stage, accountConcurrency, configs, statuses }: Records): readonly string[] {
  const statusOf = new Map(statuses.map((status) => [status.pipelineId, status]));
  const wantedOnes = new Set(configs.map(({ pipelineId }) => String(pipelineId)));
  const unmade = configs.flatMap((record) => {
    const id = String(record.pipelineId);
    const status = statusOf.get(id);
    if (status === undefined) return [id];
    const isTold = status.phase === 'Rejected' || status.phase === 'Failed';
    if (isTold || status.lease !== undefined) return [];
    const parsed = parseConfigRecord(record, {
      stage,
      ...(accountConcurrency !== undefined && { accountConcurrency }),
      ...(status.measured && { measuredSeconds: status.measured.taskSeconds }),
    });
    const applied = status.applied?.wanted;
    const isApplied = parsed.kind === 'valid' && applied !== undefined && asksTheSame(parsed.wanted, applied);
    return isApplied ? [] : [id];
  });
  const left = statuses
    .filter(
      ({ phase, closing, lease }) => phase !== 'Deleted' && closing === undefined && lease === undefined,
    )
    .map(({ pipelineId }) => pipelineId)
    .filter((id) => !wantedOnes.has(id));
  return [...unmade, ...left].sort();
}

/** Concurrency that follows from a measured rate changes with each look. */
function asksTheSame(wanted: Wanted, applied: Wanted): boolean {
  const steady = keepSteady(wanted, applied);
  const isWorkedOut = steady.concurrencySource === 'rateLimit' && applied.concurrencySource === 'rateLimit';
  const compared = isWorkedOut ? { ...steady, concurrency: applied.concurrency } : steady;
  return equalJson(compared, applied);
}
