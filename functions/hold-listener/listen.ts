import pLimit from 'p-limit';
import type { Ports } from '../../aws/ports.ts';
import { assertNever } from '../../core/assert-never.ts';
import { executionName } from '../../core/config-change.ts';
import { actionsFor, type GroupAction, type GroupChanged } from '../../core/flow/group-change.ts';
import type { Timings } from '../../core/stage-settings.ts';
import { type BatchResult, tryAgainFrom } from '../../core/stream-batch.ts';

/** One record of the holds table's stream. */
export interface HoldEvent extends GroupChanged {
  /** Unique per stream record, the same in every delivery of it. */
  readonly eventId: string;
  readonly sequenceNumber: string;
}

/** Records at once, of one batch; a stream is read by several listeners at once. */
const PARALLEL = 4;

/**
 * Does what each change asks for, at least once. What cannot be done is delivered again; a rest or a wake that is lost
 * for good, the reconciler finds.
 */
export async function listen(
  events: readonly HoldEvent[],
  ports: Ports,
  timings: Timings,
): Promise<BatchResult> {
  const limit = pLimit(PARALLEL);
  const results = await Promise.allSettled(events.map((event) => limit(() => handle(event, ports, timings))));
  const failed = events.filter((_, index) => results[index]?.status === 'rejected');
  ports.log.info('changes of holds', { changes: events.length, failed: failed.length });
  return tryAgainFrom(failed.map(({ sequenceNumber }) => sequenceNumber));
}

async function handle(event: HoldEvent, ports: Ports, timings: Timings): Promise<void> {
  try {
    for (const action of actionsFor(event, timings, ports.clock.nowMs())) await act(action, event, ports);
  } catch (error) {
    const { pipelineId } = event;
    ports.log.warn('could not handle a change of a hold', { pipelineId, error: String(error) });
    throw error;
  }
}

async function act(action: GroupAction, { pipelineId, eventId }: HoldEvent, ports: Ports): Promise<void> {
  switch (action.kind) {
    case 'look': {
      const name = executionName(pipelineId, `hold-${eventId}`);
      await ports.executions.start(name, { pipelineId, verify: false, reason: 'group hold changed' });
      return;
    }
    case 'wake':
    case 'over': {
      const { kind, atMs, untilMs } = action;
      // One for each end, however often it is told of.
      const name = executionName(pipelineId, `${kind}-${Math.ceil(untilMs)}`);
      const wakeAt = new Date(atMs).toISOString();
      await ports.executions.start(name, { pipelineId, verify: false, reason: 'hold is over', wakeAt });
      return;
    }
    case 'tell':
      await ports.events.publish(action.detailType, action.detail);
      return;
    default:
      assertNever(action);
  }
}
