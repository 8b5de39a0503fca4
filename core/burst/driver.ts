import { executionName } from '../config-change.ts';
import { configHash } from '../config-hash.ts';
import type { BurstRecord } from './record.ts';

type Driver = NonNullable<BurstRecord['driver']>;

/** Who sends the burst first, in the machine of slices. It is to begin at once. */
export function firstDriver(burstId: string, nowMs: number): Driver {
  return { owner: driverName(burstId, nowMs, 1), executions: 1, dueAtMs: nowMs };
}

/** The burst in the hands of another execution: whoever sent it before sees so and stops. */
export function handOver(record: BurstRecord, nowMs: number): BurstRecord {
  const executions = (record.driver?.executions ?? 0) + 1;
  const owner = driverName(record.burstId, record.createdAtMs, executions);
  return { ...record, driver: { owner, executions, dueAtMs: nowMs }, updatedAtMs: nowMs };
}

/** Unique by burst and number; what a caller has called its burst may be longer than a name of an execution. */
function driverName(burstId: string, createdAtMs: number, execution: number): string {
  const hash = configHash({ burstId }).slice(0, 12);
  return executionName(burstId, `${hash}-${createdAtMs}-${execution}`);
}
