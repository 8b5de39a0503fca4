import { assertNever } from '../assert-never.ts';
import type { BurstRequest } from './control-input.ts';
import { handOver } from './driver.ts';
import { paused, resumed } from './pauses.ts';
import { type BurstRecord, isSent } from './record.ts';

/** What somebody's wish for a burst comes to. */
export type Order =
  /** To be written; whoever is to send it then has to be started. */
  | { readonly kind: 'write'; readonly next: BurstRecord }
  | { readonly kind: 'asItIs'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

/** Nobody but the caller has the tasks of such a burst: another call of it goes on. */
function isCallers({ source }: BurstRecord): boolean {
  return source.kind === 'inline';
}

/**
 * Decides about a wish. Nothing that was sent is called back: cancel and pause are about the rest, and another plan
 * begins where the last round ends.
 */
export function decideOrder(
  record: BurstRecord,
  wish: Exclude<BurstRequest, { kind: 'status' }>,
  nowMs: number,
): Order {
  const { kind } = wish;
  const { burstId, state, pipelineId } = record;
  if (kind === 'cancel' && record.isCancelled) return { kind: 'asItIs', message: 'it is cancelled already' };
  if (isSent(record) || record.isCancelled) {
    const rest = record.isCancelled ? 'is cancelled' : 'is all with SQS';
    const hint = `to hold back what waits in the queue, pause the pipeline ${pipelineId}`;
    return {
      kind: 'refused',
      message: `burst ${burstId} ${rest}: there is nothing left to ${kind} — ${hint}`,
    };
  }
  if (kind !== 'cancel' && isCallers(record)) {
    const hint = 'cancel it, or hand its tasks over again with the same burstId and it goes on';
    return { kind: 'refused', message: `burst ${burstId} is sent by the call that has its tasks — ${hint}` };
  }
  switch (wish.kind) {
    case 'cancel':
      return write(handOver({ ...resumed(record), isCancelled: true }, nowMs));
    case 'pause':
      return state === 'Paused'
        ? { kind: 'asItIs', message: 'it is paused already' }
        : write(paused(record, 'paused by hand', nowMs));
    case 'resume': {
      if (state === 'Sending') return { kind: 'asItIs', message: 'it is not paused' };
      const replan = record.replan ?? { kind: 'samePace' };
      return write(handOver({ ...resumed(record), replan }, nowMs));
    }
    case 'replan': {
      const { goal } = wish;
      const next: BurstRecord = { ...record, replan: { kind: 'goal', ...(goal && { goal }) } };
      // A paused one is planned once it is resumed.
      return write(state === 'Paused' ? next : handOver(next, nowMs));
    }
    default:
      return assertNever(wish);
  }
}

function write(next: BurstRecord): Order {
  return { kind: 'write', next };
}
