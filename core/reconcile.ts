import type { Decision } from './lifecycle/decide.ts';
import {
  defersRetention,
  type FunctionSettings,
  functionDifferences,
  type MappingSettings,
  mappingChange,
  type QueueSettings,
  queueChange,
} from './lifecycle/differences.ts';
import { type Counts, isEmpty } from './lifecycle/rest.ts';
import {
  type ConsumerSettings,
  deadLetterQueueSpec,
  functionSpec,
  mappingSpec,
  queueSpec,
  reservedConcurrency,
} from './lifecycle/target.ts';
import type { StatusRecord } from './status-record.ts';

/** Why the reconciler starts a run. */
export type Cause =
  /** The record asks for something that no run has done: its event was lost, or its time has come. */
  | 'missed'
  /** A lease ran out with its run unfinished. */
  | 'deadWriter'
  /** A failed or rejected run whose next try is due. */
  | 'retry'
  /** Somebody changed a resource by hand. */
  | 'drift'
  /** A change that waited for an empty queue can be made. */
  | 'deferred';

export type Finding =
  | { readonly kind: 'fine' }
  | { readonly kind: 'start'; readonly cause: Cause; readonly verify: boolean; readonly detail: string };

const FINE: Finding = { kind: 'fine' };

/** What is known of a pipeline without any call in Lambda's bucket. */
export interface Seen {
  readonly queue: (QueueSettings & { readonly arn: string; readonly counts: Counts }) | undefined;
  readonly deadLetters: (QueueSettings & { readonly arn: string }) | undefined;
  readonly function:
    | (FunctionSettings & { readonly codeSha256: string; readonly reservedConcurrency?: number })
    | undefined;
}

/** Whether a run is needed before looking at any resource. Undefined: look. */
export function judgeStatus(
  decision: Decision,
  status: StatusRecord | undefined,
  nowMs: number,
): Finding | undefined {
  if (status?.lease !== undefined) {
    if (status.lease.untilMs > nowMs) return FINE;
    return {
      kind: 'start',
      cause: 'deadWriter',
      verify: true,
      detail: `lease of ${status.lease.owner} ran out`,
    };
  }
  const { failures, phase } = status ?? {};
  const repeats = phase === 'Failed' || (phase === 'Rejected' && decision.kind === 'reject');
  if (repeats) {
    if (failures === undefined || failures.retryAtMs > nowMs)
      return rejectionChanged(decision, status) ? missed('record') : FINE;
    return { kind: 'start', cause: 'retry', verify: false, detail: `try ${failures.count + 1}` };
  }
  switch (decision.kind) {
    case 'nothing':
      return status === undefined || status.phase === 'Deleted' ? FINE : undefined;
    case 'change':
    case 'teardown':
      return missed(decision.run);
    case 'confirm':
    case 'forget':
    case 'reject':
      return missed(decision.kind);
  }
}

function missed(detail: string): Finding {
  return { kind: 'start', cause: 'missed', verify: false, detail };
}

/** Whether a bad record is bad for other reasons than its status says, so that its event was lost. */
function rejectionChanged(decision: Decision, status: StatusRecord | undefined): boolean {
  if (decision.kind !== 'reject' || status?.phase !== 'Rejected') return false;
  const said = (status.error?.problems ?? []).map((problem) => `${problem.path} ${problem.code}`).join();
  return said !== decision.problems.map((problem) => `${problem.path} ${problem.code}`).join();
}

/** Whether the resources of a settled pipeline still are what was applied. */
export function judgeResources(status: StatusRecord, seen: Seen, settings: ConsumerSettings): Finding {
  const { applied } = status;
  if (applied === undefined) return FINE;
  const drift = driftOf(status, seen, settings);
  if (drift !== undefined) return { kind: 'start', cause: 'drift', verify: true, detail: drift };
  if (status.deferred !== undefined && seen.queue !== undefined && isEmpty(seen.queue.counts)) {
    return { kind: 'start', cause: 'deferred', verify: true, detail: status.deferred.join() };
  }
  return FINE;
}

function driftOf(status: StatusRecord, seen: Seen, settings: ConsumerSettings): string | undefined {
  const { applied, pipelineId, codeSha256 } = status;
  if (applied === undefined) return undefined;
  if (seen.queue === undefined) return 'the queue is gone';
  if (seen.deadLetters === undefined) return 'the dead-letter queue is gone';
  if (seen.function === undefined) return 'the function is gone';

  // A shorter retention that waits for an empty queue is known, and not drift.
  const wantedQueue = queueSpec(applied.wanted, settings.stage, seen.deadLetters.arn);
  const lowers = queueChange(wantedQueue, seen.queue, 'after', false);
  const queue = queueChange(wantedQueue, seen.queue, 'before', true) ?? lowers;
  if (queue !== undefined) return `queue: ${Object.keys(queue).join()}`;
  if (status.deferred === undefined && defersRetention(wantedQueue, seen.queue))
    return 'queue: messageRetentionSeconds';
  const wantedDeadLetters = deadLetterQueueSpec(pipelineId, settings.stage);
  const deadLetters = queueChange(wantedDeadLetters, seen.deadLetters, 'before', true);
  if (deadLetters !== undefined) return `dead-letter queue: ${Object.keys(deadLetters).join()}`;

  const fields = functionDifferences(functionSpec(applied, settings), seen.function);
  if (fields.length > 0) return `function: ${fields.join()}`;
  if (codeSha256 !== undefined && codeSha256 !== seen.function.codeSha256) return 'function: code';
  if (reservedConcurrency(applied) !== seen.function.reservedConcurrency)
    return 'function: reservedConcurrency';
  return undefined;
}

/** Whether a settled pipeline's mapping still is what was applied; undefined: it is gone. */
export function judgeMapping(
  status: StatusRecord,
  mapping: (MappingSettings & { readonly state: string }) | undefined,
  settings: ConsumerSettings,
): Finding {
  const { applied, lease } = status;
  // A rejected record's pipeline goes on as it is: no run could repair it before the record is right.
  const settled = status.phase === 'Active' || status.phase === 'Paused';
  if (applied === undefined || lease !== undefined || status.dirty || !settled) return FINE;
  if (mapping === undefined || mapping.state === 'Deleting') {
    return { kind: 'start', cause: 'drift', verify: true, detail: 'the mapping is gone' };
  }
  const change = mappingChange(mappingSpec(applied, settings.stage, ''), mapping);
  if (change === undefined) return FINE;
  return { kind: 'start', cause: 'drift', verify: true, detail: `mapping: ${Object.keys(change).join()}` };
}

/**
 * Whether a listed mapping of a pipeline's function is one that its status does not know.
 * A run under way, or one that has ended since the list was made or without settling, may just have made it.
 */
export function isStray(
  mapping: { readonly id: string; readonly state: string },
  status: StatusRecord | undefined,
  listedAtMs: number,
): boolean {
  if (mapping.state === 'Deleting') return false;
  if (status === undefined) return true;
  const mayHaveMadeIt =
    status.lease !== undefined || status.dirty || Date.parse(status.updatedAt) >= listedAtMs;
  return !mayHaveMadeIt && status.eventSourceMappingId !== mapping.id;
}

/** At most so many pages of mappings a minute, whatever the number of pipelines. */
const MAPPING_PAGES_PER_TICK = 10;

/** Every how many ticks all mappings are listed: their calls count in Lambda's bucket. */
export function sweepEveryTicks(pagesLastTime: number): number {
  return Math.max(1, Math.ceil(pagesLastTime / MAPPING_PAGES_PER_TICK));
}
