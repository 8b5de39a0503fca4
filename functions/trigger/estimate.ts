import { AwsError } from '../../aws/errors.ts';
import type { Ports } from '../../aws/ports.ts';
import { measuredFact, pipelineMeasuredSchema } from '../../core/burst/measured.ts';
import type { MeasuredTasks } from '../../core/spread/estimate.ts';

/** What tasks of a pipeline took of late, as far as anybody knows; a burst is sent without it, too. */
export async function measuredTasks(pipelineId: string, ports: Ports): Promise<MeasuredTasks | undefined> {
  try {
    const fact = await ports.ledgers.read(measuredFact(pipelineId));
    const known = pipelineMeasuredSchema.safeParse(fact?.value);
    if (!known.success) return undefined;
    const { meanSeconds, p95Seconds, secondsPerByte } = known.data;
    return { meanSeconds, p95Seconds, ...(secondsPerByte !== undefined && { secondsPerByte }) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    ports.log.warn('what tasks take could not be looked up', { pipelineId, error: error.message });
    return undefined;
  }
}
