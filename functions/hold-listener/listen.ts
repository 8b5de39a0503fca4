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

/** By then every consumer knows that a hold has been ended, and has drawn what tickets it was about to. */
export const TICKETS_DRAWN_MS = 2_000;
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
  const failed = new Set<HoldEvent>();
  const trying = async (event: HoldEvent, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      const { pipelineId } = event;
      ports.log.warn('could not handle a change of a hold', { pipelineId, error: String(error) });
      failed.add(event);
    }
  };
  const pulls = new Map<HoldEvent, Pull>();
  const handle = async (event: HoldEvent) => {
    for (const action of actionsFor(event, timings, ports.clock.nowMs())) {
      await act(action, event, ports);
      if (action.kind === 'pull') pulls.set(event, action);
    }
  };
  await Promise.all(events.map((event) => limit(() => trying(event, () => handle(event)))));
  if (pulls.size > 0) {
    // Who asked for a start just before may draw a ticket just after, for what comes after a hold that is no more.
    await ports.clock.sleep(TICKETS_DRAWN_MS);
    const again = (event: HoldEvent, action: Pull) =>
      limit(() => trying(event, () => pull(action, event.pipelineId, ports)));
    await Promise.all([...pulls].map(([event, action]) => again(event, action)));
  }
  ports.log.info('changes of holds', { changes: events.length, failed: failed.size });
  return tryAgainFrom([...failed].map(({ sequenceNumber }) => sequenceNumber));
}

type Pull = GroupAction & { readonly kind: 'pull' };

async function pull({ endedMs }: Pull, pipelineId: string, { holds, flow }: Ports): Promise<void> {
  // What holds it now: others may have been refused since.
  const { hold } = (await holds.read(pipelineId)) ?? {};
  await flow.pullTurns(pipelineId, endedMs, hold?.untilMs ?? 0);
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
    case 'pull':
      await pull(action, pipelineId, ports);
      return;
    case 'tell':
      await ports.events.publish(action.detailType, action.detail);
      return;
    default:
      assertNever(action);
  }
}
