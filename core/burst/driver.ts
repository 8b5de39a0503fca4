import { executionName } from '../config-change.ts';
import { configHash } from '../config-hash.ts';
import type { BurstRecord } from './record.ts';

type Driver = NonNullable<BurstRecord['driver']>;

/** Who sends a burst that one call of the trigger sends. */
export const TRIGGER = 'trigger';

/** Who sends the burst first, in the machine of slices. It is to begin at once. */
export function firstDriver(burstId: string, nowMs: number): Driver {
  return { owner: driverName(burstId, nowMs, 1), executions: 1, dueAtMs: nowMs };
}

/** So late, tasks that are due by now would come all at once: they get times anew. */
const LATE_MS = 120_000;

/** The burst in the hands of another execution: whoever sent it before sees so and stops. */
export function handOver(record: BurstRecord, nowMs: number): BurstRecord {
  const { driver, burstId, createdAtMs } = record;
  const executions = (driver?.executions ?? 0) + 1;
  const owner = driverName(burstId, createdAtMs, executions);
  const isLate = driver !== undefined && nowMs - driver.dueAtMs > LATE_MS;
  return {
    ...record,
    ...(isLate && record.replan === undefined && { replan: { kind: 'samePace' } }),
    driver: { owner, executions, dueAtMs: nowMs },
    updatedAtMs: nowMs,
  };
}

/** Whether this execution is to send the burst: it is to be sent, and no other one has it. */
export function isDrivenBy({ state, driver }: BurstRecord, owner: string): boolean {
  return state === 'Sending' && driver?.owner === owner;
}

/** The burst with a call that sends it now, and is over by then. */
export function claimed(record: BurstRecord, by: string, untilMs: number): BurstRecord {
  const { driver } = record;
  return {
    ...record,
    sending: { by, untilMs },
    ...(driver === undefined ? {} : { driver: { ...driver, dueAtMs: untilMs } }),
  };
}

/**
 * The burst with nobody who sends it now.
 * @param dueAtMs when its execution goes on, epoch milliseconds
 */
export function released(record: BurstRecord, dueAtMs?: number): BurstRecord {
  const { sending: _over, driver, ...rest } = record;
  if (driver === undefined) return rest;
  return { ...rest, driver: dueAtMs === undefined ? driver : { ...driver, dueAtMs } };
}

/** Until when somebody else may still be sending it, epoch milliseconds; 0 where nobody is. */
export function busyUntilMs({ sending }: BurstRecord, owner: string): number {
  return sending === undefined || sending.by === owner ? 0 : sending.untilMs;
}

/** Unique by burst and number; what a caller has called its burst may be longer than a name of an execution. */
function driverName(burstId: string, createdAtMs: number, execution: number): string {
  const hash = configHash({ burstId }).slice(0, 12);
  return executionName(burstId, `${hash}-${createdAtMs}-${execution}`);
}
