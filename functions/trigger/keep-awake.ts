import type { Ports } from '../../aws/ports.ts';
import { mustNoteActivity, needsWaking } from '../../core/activity.ts';
import { executionName } from '../../core/config-change.ts';
import { configHash } from '../../core/config-hash.ts';
import type { StatusRecord } from '../../core/status-record.ts';

/**
 * Notes in the status that tasks come, if the pipeline may rest: a run that finds it idle would rest it.
 * @returns the status as it now is
 */
export async function noteActivity(status: StatusRecord, ports: Ports): Promise<StatusRecord> {
  let latest = status;
  while (mustNoteActivity(latest, ports.clock.nowMs())) {
    const noted = { ...latest, lastActivityAtMs: ports.clock.nowMs() };
    if ((await ports.statuses.write(noted)) === 'written') return { ...noted, revision: noted.revision + 1 };
    latest = (await ports.statuses.read(status.pipelineId)) ?? latest;
  }
  return latest;
}

/**
 * Starts the run that wakes a resting consumer. The tasks are safe without it: if it cannot be started, the
 * reconciler finds them.
 * @param burstId tells two bursts of one moment apart
 * @returns whether one was started
 */
export async function wakeIfResting(status: StatusRecord, burstId: string, ports: Ports): Promise<boolean> {
  const { pipelineId } = status;
  const nowMs = ports.clock.nowMs();
  if (!needsWaking(status, nowMs)) return false;
  const name = executionName(pipelineId, `wake-${configHash({ burstId, nowMs })}`);
  try {
    await ports.executions.start(name, { pipelineId, verify: false, reason: 'wake' });
    return true;
  } catch (error) {
    ports.log.warn('could not wake the pipeline', { pipelineId, error: String(error) });
    return false;
  }
}

/** The same with the status as it is now: a run may have put the consumer to rest in between. */
export async function wakeIfRestingNow(pipelineId: string, burstId: string, ports: Ports): Promise<void> {
  const status = await ports.statuses.read(pipelineId);
  if (status !== undefined) await wakeIfResting(status, burstId, ports);
}
