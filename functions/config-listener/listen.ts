import pLimit from 'p-limit';
import type { Ports } from '../../aws/ports.ts';
import { type ConfigChange, executionsFor, type WantedExecution } from '../../core/config-change.ts';
import { type BatchResult, tryAgainFrom } from '../../core/stream-batch.ts';

/**
 * Starts at once, of one batch. Step Functions takes 150 to 300 a second, and a stream is read by several
 * listeners at once.
 */
const PARALLEL_STARTS = 1;

/**
 * Starts one run of the lifecycle machine per pipeline changed. What cannot be started is delivered again;
 * what is lost for good, the reconciler finds.
 */
export async function listen(changes: readonly ConfigChange[], ports: Ports): Promise<BatchResult> {
  const limit = pLimit(PARALLEL_STARTS);
  const executions = executionsFor(changes);
  const results = await Promise.allSettled(executions.map((one) => limit(() => start(one, ports))));
  const failed = executions.filter((_, index) => results[index]?.status === 'rejected');
  ports.log.info('config changes', {
    changes: changes.length,
    started: executions.length - failed.length,
    failed: failed.length,
  });
  return tryAgainFrom(failed.map((one) => one.sequenceNumber));
}

async function start({ pipelineId, name }: WantedExecution, ports: Ports): Promise<void> {
  try {
    await ports.executions.start(name, { pipelineId, verify: false, reason: 'record changed' });
  } catch (error) {
    ports.log.warn('could not start a run', { pipelineId, error: String(error) });
    throw error;
  }
}
