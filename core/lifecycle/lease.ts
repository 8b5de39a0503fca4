import type { Lease, StatusRecord } from '../status-record.ts';

/**
 * One writer per pipeline. The lease lives in the status record and changes only by compare-and-set on
 * its revision, so every rule here is a pure step from one record to the next.
 *
 * Two things must never run at once: two executions, and two attempts of one step. Executions are told
 * apart by `owner`. Attempts are told apart by the fence: each takes the next number, and its output
 * carries that number on. An attempt that finds a higher number than its input carries knows that an
 * earlier attempt started and never answered: it waits until that one's function must be over.
 */

/** An attempt of a step that wants to start. */
export interface Attempt {
  readonly owner: string;
  readonly step: string;
  /** The fence that the step before handed over; 0 at the start of an execution. */
  readonly fence: number;
  readonly nowMs: number;
  /** When the function that runs the attempt is over at the latest. */
  readonly busyUntilMs: number;
  /** How long the lease is to last from now: longer than an attempt and the longest wait together. */
  readonly leaseMs: number;
}

export type Renewal =
  | { readonly kind: 'renewed'; readonly next: StatusRecord }
  /** Somebody else holds the lease, or nobody: this execution is over. */
  | { readonly kind: 'lost' }
  /** An earlier attempt may still be running. */
  | { readonly kind: 'busy'; readonly untilMs: number };

/** Starts an attempt of a step under a lease that this execution already holds. */
export function renewLease(status: StatusRecord | undefined, attempt: Attempt): Renewal {
  if (status?.lease === undefined || status.lease.owner !== attempt.owner) return { kind: 'lost' };
  const running = stillRunning(status, attempt);
  if (running) return running;
  return { kind: 'renewed', next: withAttempt(status, status.lease.pending, attempt) };
}

/** Whether an earlier attempt under this lease may still be running. */
export function stillRunning(
  status: StatusRecord,
  attempt: Attempt,
): { readonly kind: 'busy'; readonly untilMs: number } | undefined {
  const busyUntilMs = status.lease?.busyUntilMs ?? 0;
  if (status.fence !== attempt.fence && busyUntilMs > attempt.nowMs)
    return { kind: 'busy', untilMs: busyUntilMs };
  return undefined;
}

/** Whether the lease is somebody else's and still good. */
export function heldByAnother(status: StatusRecord, owner: string, nowMs: number): boolean {
  return status.lease !== undefined && status.lease.owner !== owner && status.lease.untilMs > nowMs;
}

/** The record with the lease taken, or kept, for this attempt. */
export function withAttempt(status: StatusRecord, pending: boolean, attempt: Attempt): StatusRecord {
  const lease: Lease = {
    owner: attempt.owner,
    untilMs: attempt.nowMs + attempt.leaseMs,
    busyUntilMs: attempt.busyUntilMs,
    pending,
  };
  return {
    ...status,
    fence: status.fence + 1,
    lease,
    ...(status.run ? { run: { ...status.run, step: stepToName(status.run.step, attempt.step) } } : {}),
  };
}

/** A loser leaves word; the holder goes round again before it frees the lease. */
export function markPending(status: StatusRecord): StatusRecord {
  return status.lease === undefined ? status : { ...status, lease: { ...status.lease, pending: true } };
}

/** An attempt that failed says that it is over, so that its retry need not wait for the function's end. */
export function endAttempt(status: StatusRecord, owner: string, fence: number): StatusRecord | undefined {
  if (status.lease?.owner !== owner || status.fence !== fence) return undefined;
  return { ...status, lease: { ...status.lease, busyUntilMs: 0 } };
}

/** The record with the lease given up. Only the attempt that holds it may do so. */
export function freeLease(status: StatusRecord): StatusRecord {
  const { lease: _lease, run: _run, ...rest } = status;
  return rest;
}

/** A failure names the step that failed, not the one that records it. */
function stepToName(before: string, now: string): string {
  return now === 'RecordFailure' ? before : now;
}
