import { measuredFact, pipelineMeasuredSchema } from '../core/burst/measured.ts';
import type { Wanted } from '../core/config-record.ts';
import { bestMeasured, type CallTimes, callsTellTasks } from '../core/spread/call-times.ts';
import type { MeasuredTasks } from '../core/spread/estimate.ts';
import { AwsError } from './errors.ts';
import type { Ports } from './ports.ts';

type Known = Pick<Ports, 'clock' | 'health' | 'ledgers' | 'log'>;

/** What a pipeline's calls took in this time is what they take. */
const RECENT_MS = 3 * 3_600_000;

/** What tasks of a pipeline took of late, as far as anybody knows; a burst is sent without it, too. */
export async function measuredTasks(wanted: Wanted, ports: Known): Promise<MeasuredTasks | undefined> {
  const { pipelineId } = wanted;
  const [noted, calls] = await Promise.all([
    asFarAsKnown(pipelineId, ports, () => notedByBursts(pipelineId, ports)),
    callsTellTasks(wanted)
      ? asFarAsKnown(pipelineId, ports, () => recentCalls(pipelineId, ports))
      : undefined,
  ]);
  return bestMeasured(calls, noted);
}

async function notedByBursts(pipelineId: string, ports: Known): Promise<MeasuredTasks | undefined> {
  const fact = await ports.ledgers.read(measuredFact(pipelineId));
  const known = pipelineMeasuredSchema.safeParse(fact?.value);
  if (!known.success) return undefined;
  const { meanSeconds, p95Seconds, secondsPerByte } = known.data;
  return { meanSeconds, p95Seconds, ...(secondsPerByte !== undefined && { secondsPerByte }) };
}

async function recentCalls(pipelineId: string, ports: Known): Promise<CallTimes | undefined> {
  const nowMs = ports.clock.nowMs();
  return ports.health.callTimes(pipelineId, nowMs - RECENT_MS, nowMs);
}

async function asFarAsKnown<T>(
  pipelineId: string,
  ports: Known,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    ports.log.warn('what tasks take could not be looked up', { pipelineId, error: error.message });
    return undefined;
  }
}
