import { AwsError } from '../../aws/errors.ts';
import type { Ports } from '../../aws/ports.ts';
import { ASSUMED_TASK_SECONDS } from '../../core/burst/assumed.ts';
import { taskSecondsOf } from '../../core/redrive/pace.ts';
import type { RedriveRecord } from '../../core/redrive/record.ts';

/** What is looked back on, and how often: what is sent again may take longer than other tasks. */
const SPAN_MS = 3_600_000;
const EVERY_MS = 600_000;

/** What a task of the group takes, as far as that is known. */
export async function measureTaskSeconds(
  pipelineId: string,
  ports: Ports,
  known = ASSUMED_TASK_SECONDS,
): Promise<number> {
  const nowMs = ports.clock.nowMs();
  try {
    const samples = await ports.health.read([pipelineId], nowMs - SPAN_MS, nowMs);
    return taskSecondsOf(samples.get(pipelineId) ?? []);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    ports.log.warn('what tasks take could not be looked up', { pipelineId, error: error.message });
    return known;
  }
}

type Measured = Pick<RedriveRecord, 'taskSeconds' | 'measuredAtMs'>;

/** The same for a redrive, which looks it up now and then. */
export async function measureForRedrive(record: RedriveRecord, ports: Ports): Promise<Measured> {
  const { pipelineId, taskSeconds, measuredAtMs } = record;
  const nowMs = ports.clock.nowMs();
  if (nowMs < measuredAtMs + EVERY_MS) return { taskSeconds, measuredAtMs };
  return {
    taskSeconds: await measureTaskSeconds(pipelineId, ports, taskSeconds),
    measuredAtMs: nowMs,
  };
}
