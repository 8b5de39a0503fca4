import type { Ports } from '../../aws/ports.ts';
import { assertNever } from '../../core/assert-never.ts';
import { isDrivenBy } from '../../core/burst/driver.ts';
import { givenUp } from '../../core/burst/keep.ts';
import { type BurstRecord, type Replan, type SentMark, segmentOf } from '../../core/burst/record.ts';
import { cancelled, restOfPlan, withPlan } from '../../core/burst/segments.ts';
import { equalJson } from '../../core/equal-json.ts';
import type { BurstPlan } from '../../core/spread/plan.ts';
import { readyPipeline } from '../trigger/ready-pipeline.ts';
import { planRest } from './plan-rest.ts';
import { changeBurst } from './sending/change-burst.ts';
import { noteSlice } from './sending/finish.ts';
import { readerOf } from './sending/read-tasks.ts';
import { sendSlice } from './sending/slice.ts';

/**
 * Does what somebody has wished for a burst that this execution sends: cancels it, or plans what is left anew. Always
 * between two rounds, as it is certain there what was sent: one that is half done is sent to its end first.
 * @param mark how far it is sent
 * @returns the record as it is then; undefined where there was not time enough
 */
export async function steer(
  record: BurstRecord,
  mark: SentMark,
  owner: string,
  stopMs: number,
  ports: Ports,
): Promise<BurstRecord | undefined> {
  const { isCancelled, replan, source } = record;
  if (!isCancelled && replan === undefined) return record;
  const nowMs = ports.clock.nowMs();
  if (mark.calls.length > 0) {
    // Only the caller has the tasks.
    if (source.kind === 'inline') return change(record, owner, ports, (one) => givenUp(one, mark, nowMs));
    const slice = await sendSlice(record, readerOf(record, ports), ports, stopMs, 1);
    const latest = await noteSlice(record, slice, ports);
    const isWhole = slice.end.kind === 'sent' || slice.end.kind === 'changed';
    return isWhole ? steerBetween(latest, slice.mark, owner, stopMs, ports) : undefined;
  }
  return steerBetween(record, mark, owner, stopMs, ports);
}

/** @param mark between two rounds */
async function steerBetween(
  record: BurstRecord,
  mark: SentMark,
  owner: string,
  stopMs: number,
  ports: Ports,
): Promise<BurstRecord> {
  const { replan, isCancelled } = record;
  if (isCancelled) return change(record, owner, ports, (one) => cancelled(one, mark, ports.clock.nowMs()));
  if (replan === undefined || !isDrivenBy(record, owner)) return record;
  const plan = await planFor(replan, record, mark, stopMs, ports);
  return change(record, owner, ports, (one) =>
    // Somebody may have wished for another plan meanwhile, or for none.
    !one.isCancelled && equalJson(one.replan, replan)
      ? withPlan(one, mark, plan, ports.clock.nowMs())
      : undefined,
  );
}

async function planFor(
  replan: Replan,
  record: BurstRecord,
  mark: SentMark,
  stopMs: number,
  ports: Ports,
): Promise<BurstPlan> {
  switch (replan.kind) {
    case 'samePace': {
      const segment = segmentOf(record, mark.fromIndex);
      return restOfPlan(segment.plan, mark.fromIndex - segment.fromIndex, record.total - mark.fromIndex);
    }
    case 'goal': {
      const status = await readyPipeline(record.pipelineId, ports);
      // Whoever wished for what is impossible was told; the limits may have changed since.
      return (await planRest(record, mark, replan.goal, status, ports, stopMs)).plan;
    }
    default:
      return assertNever(replan);
  }
}

function change(
  record: BurstRecord,
  owner: string,
  ports: Ports,
  next: (one: BurstRecord) => BurstRecord | undefined,
): Promise<BurstRecord> {
  return changeBurst(record, ports, (one) => (isDrivenBy(one, owner) ? next(one) : undefined));
}
