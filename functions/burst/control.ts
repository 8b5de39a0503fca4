import type { Ports } from '../../aws/ports.ts';
import { type BurstRequest, parseBurstRequest } from '../../core/burst/control-input.ts';
import { decideOrder } from '../../core/burst/orders.ts';
import { partsIdOf } from '../../core/burst/place.ts';
import type { BurstRecord } from '../../core/burst/record.ts';
import type { Spread } from '../../core/config-record.ts';
import { Refused } from '../../core/refused.ts';
import { readyPipeline } from '../trigger/ready-pipeline.ts';
import { planRest } from './plan-rest.ts';
import { type BurstStatus, reportOn } from './report.ts';
import { changeBurst } from './sending/change-burst.ts';
import { drive } from './sending/drive.ts';

/** How long a wish is waited for, and how often it is looked whether it is done. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 500;

type Wish = Exclude<BurstRequest, { kind: 'status' }>;

/**
 * Tells of a burst, or cancels, pauses, resumes or replans what is not sent of it. Asked for the same again, it does
 * nothing more.
 * @param input `{burstId}`, alone or with one of `status`, `cancel`, `pause`, `resume`: true, or `replan: {spread?}`
 * @param deadlineMs when this function must be over, epoch milliseconds
 * @throws {Refused} `InvalidInput`, `UnknownBurst`, `NotPossible` where nothing is left to be sent; of a replan also
 * `Impossible`, and why its pipeline takes no tasks
 */
export async function control(input: unknown, ports: Ports, deadlineMs: number): Promise<BurstStatus> {
  const request = parseBurstRequest(input);
  const { burstId } = request;
  const record = await ports.bursts.read(burstId);
  if (record === undefined) {
    throw new Refused(
      'UnknownBurst',
      `there is no burst ${burstId}, or it ended more than 30 days ago — the trigger's answer has the burstId`,
    );
  }
  return request.kind === 'status' ? reportOn(record, ports) : obey(record, request, ports, deadlineMs);
}

async function obey(record: BurstRecord, wish: Wish, ports: Ports, deadlineMs: number): Promise<BurstStatus> {
  const { burstId } = record;
  // Refused before it is looked whether its goal can be kept: there may be nothing left to plan.
  order(record, wish, ports);
  if (wish.kind === 'replan') await refuseImpossible(record, wish.goal, ports, deadlineMs - PATIENCE_MS);
  let message: string | undefined;
  const ordered = await changeBurst(record, ports, (one) => {
    const decided = order(one, wish, ports);
    message = decided.kind === 'asItIs' ? decided.message : undefined;
    return decided.kind === 'write' ? decided.next : undefined;
  });
  ports.log.info('burst control', { burstId, wish: wish.kind, state: ordered.state, message });
  await drive(ordered, ports);
  return reportOn(await untilDone(ordered, ports), ports, message);
}

/** @throws {Refused} `NotPossible` */
function order(record: BurstRecord, wish: Wish, ports: Ports) {
  const decided = decideOrder(record, wish, ports.clock.nowMs());
  if (decided.kind === 'refused') throw new Refused('NotPossible', decided.message);
  return decided;
}

/** The plan itself is made by whoever sends the burst, between two rounds; that it can be is told at once. */
async function refuseImpossible(
  record: BurstRecord,
  goal: Spread | undefined,
  ports: Ports,
  stopMs: number,
): Promise<void> {
  const status = await readyPipeline(record.pipelineId, ports);
  const mark = await ports.bursts.readSent(partsIdOf(record));
  const planned = await planRest(record, mark, goal, status, ports, stopMs);
  if (planned.kind === 'impossible') throw new Refused('Impossible', planned.message);
}

/** Whoever sends it does as it was told between two rounds, a second or two later, if nothing is amiss. */
async function untilDone(ordered: BurstRecord, ports: Ports): Promise<BurstRecord> {
  const untilMs = ports.clock.nowMs() + PATIENCE_MS;
  let latest = ordered;
  while (isToBeDone(latest) && ports.clock.nowMs() < untilMs) {
    await ports.clock.sleep(LOOK_MS);
    latest = (await ports.bursts.read(ordered.burstId)) ?? latest;
  }
  return latest;
}

function isToBeDone({ state, isCancelled, replan, sending }: BurstRecord): boolean {
  if (state === 'Paused') return sending !== undefined;
  return state === 'Sending' && (isCancelled || replan !== undefined);
}
