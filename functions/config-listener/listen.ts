import pLimit from 'p-limit';
import type { Ports } from '../../aws/ports.ts';
import { type ConfigChange, executionsFor, type WantedExecution } from '../../core/config-change.ts';

/**
 * Starts at once, of one batch. Step Functions takes 150 to 300 a second, and a stream is read by several
 * listeners at once.
 */
const PARALLEL_STARTS = 1;

/** What the event source mapping understands: the first record from which to try again. */
export interface ListenResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Starts one run of the lifecycle machine per pipeline changed. What cannot be started is delivered again;
 * what is lost for good, the reconciler finds.
 */
export async function listen(changes: readonly ConfigChange[], ports: Ports): Promise<ListenResult> {
  const limit = pLimit(PARALLEL_STARTS);
  const executions = executionsFor(changes);
  const results = await Promise.allSettled(executions.map((one) => limit(() => start(one, ports))));
  const failed = executions.filter((_, index) => results[index]?.status === 'rejected');
  ports.log.info('config changes', {
    changes: changes.length,
    started: executions.length - failed.length,
    failed: failed.length,
  });
  const [first] = failed.map((one) => one.sequenceNumber).sort(compareNumbers);
  return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first }] };
}

async function start({ pipelineId, name }: WantedExecution, ports: Ports): Promise<void> {
  try {
    await ports.executions.start(name, { pipelineId, verify: false, reason: 'record changed' });
  } catch (error) {
    ports.log.warn('could not start a run', { pipelineId, error: String(error) });
    throw error;
  }
}

/** Sequence numbers are decimal numbers of up to 40 digits. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
