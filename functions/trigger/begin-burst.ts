import { measuredTasks } from '../../aws/measured-tasks.ts';
import type { Ports, QueueCounts } from '../../aws/ports.ts';
import { SQS_MAX_DELAY_SECONDS } from '../../core/aws-limits.ts';
import { refuseBeyondBacklog } from '../../core/burst/backlog.ts';
import { firstDriver, TRIGGER } from '../../core/burst/driver.ts';
import type { Burst } from '../../core/burst/input.ts';
import type { Measured } from '../../core/burst/measure.ts';
import { boundsOfPipeline, planMeasured } from '../../core/burst/plan-measured.ts';
import { type BurstRecord, REFUSALS_KEPT } from '../../core/burst/record.ts';
import { refuseBeyondRetention } from '../../core/burst/retention.ts';
import { newSegment } from '../../core/burst/segments.ts';
import { parseSpread, type Spread, type Wanted } from '../../core/config-record.ts';
import { invalidInput } from '../../core/invalid-input.ts';
import type { ReadyStatus } from '../../core/readiness.ts';
import { Refused } from '../../core/refused.ts';
import type { BurstPlan } from '../../core/spread/plan.ts';
import type { HandedOver } from './handed-over.ts';
import { keepTasks } from './keep-tasks.ts';
import { measureBurst } from './measure-burst.ts';

/** More are sent slice by slice, by the machine: a caller need not wait for them. */
const MOST_SENT_HERE = 100_000;

/** When the reconciler looks at a burst for the first time. */
const FIRST_CHECK_MS = 60_000;

/** So long after its last call of SQS a function is over. */
export const AFTER_STOP_MS = 30_000;

/** A burst that has just begun; nothing of it is sent yet. */
export interface Begun {
  readonly record: BurstRecord;
  readonly measured: Measured;
  /** What is special about its plan. */
  readonly note?: string;
}

/**
 * Measures a burst, plans it, and writes its record.
 * @param stopMs epoch milliseconds
 * @returns undefined where another call has begun it in between
 * @throws {Refused} `InvalidInput`, `NotReady`, `Backlog`, `Impossible`; nothing was written then
 */
export async function beginBurst(
  burst: Burst,
  burstId: string,
  handed: HandedOver,
  status: ReadyStatus,
  ports: Ports,
  stopMs: number,
): Promise<Begun | undefined> {
  const { wanted } = status.applied;
  const goal = goalOf(burst, wanted);
  const latest = await measuredTasks(wanted, ports);
  const known = { timeoutSeconds: wanted.timeoutSeconds, ...(latest && { measured: latest }) };
  const measured = await measureBurst(burst.tasks, handed.read, known, ports, stopMs);
  const counts = await readCounts(status, ports);
  const count = measured.total - measured.refused;
  refuseBeyondBacklog(count, wanted, counts, measured.estimate.meanSeconds);
  const { plan, note } = planFor(burst, goal, measured, wanted, counts, ports);
  refuseBeyondRetention(plan.window, wanted);

  const nowMs = ports.clock.nowMs();
  const isSentHere = plan.window.maxSeconds <= SQS_MAX_DELAY_SECONDS && measured.total <= MOST_SENT_HERE;
  const record: BurstRecord = {
    burstId,
    pipelineId: burst.pipelineId,
    revision: 0,
    state: 'Sending',
    isCancelled: false,
    total: measured.total,
    given: measured.total,
    fingerprint: handed.fingerprint,
    source: isSentHere ? handed.source : await keepTasks(burstId, burst.tasks, handed.source, ports),
    ...(goal && { spread: goal }),
    segments: [newSegment(0, nowMs, plan)],
    known,
    isCounted: wanted.progress !== false,
    refusals: measured.refusals.slice(0, REFUSALS_KEPT),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    checkAtMs: nowMs + FIRST_CHECK_MS,
    ...(isSentHere
      ? { sending: { by: TRIGGER, untilMs: stopMs + AFTER_STOP_MS } }
      : { driver: firstDriver(burstId, nowMs) }),
  };
  if ((await ports.bursts.write(record)) === 'conflict') return undefined;
  return { record: { ...record, revision: 1 }, measured, ...(note !== undefined && { note }) };
}

/** The burst's own spread, else the record's. */
function goalOf(burst: Burst, wanted: Wanted): Spread | undefined {
  if (burst.spread === undefined) return wanted.spread;
  const judged = parseSpread(burst.spread, wanted.messageRetentionSeconds);
  if (judged.kind === 'invalid') throw invalidInput(judged.problems);
  return judged.spread;
}

async function readCounts({ pipelineId, queueUrl }: ReadyStatus, ports: Ports): Promise<QueueCounts> {
  const queue = await ports.queues.read(queueUrl);
  if (queue !== undefined) return queue.counts;
  const what = `pipeline ${pipelineId} has no queue, and will be given one`;
  throw new Refused('NotReady', `${what} — try again later`);
}

function planFor(
  burst: Burst,
  goal: Spread | undefined,
  measured: Measured,
  wanted: Wanted,
  counts: QueueCounts,
  ports: Ports,
): { readonly plan: BurstPlan; readonly note?: string } {
  const planned = planMeasured(measured, goal, boundsOfPipeline(wanted, counts), ports.random);
  if (planned.kind === 'planned') return { plan: planned.plan };
  // Who asked for it is told before anything is sent; a default is kept as well as it can be.
  if (burst.spread !== undefined) throw new Refused('Impossible', planned.message);
  return { plan: planned.plan, note: `the group’s spread cannot be kept: ${planned.message}` };
}
