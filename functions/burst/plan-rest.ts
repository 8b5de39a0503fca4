import type { Ports } from '../../aws/ports.ts';
import { createMeasure, estimatorOf, type Measured, measureCount } from '../../core/burst/measure.ts';
import { boundsOfPipeline, planMeasured } from '../../core/burst/plan-measured.ts';
import type { BurstRecord, SentMark } from '../../core/burst/record.ts';
import { refuseBeyondRetention } from '../../core/burst/retention.ts';
import type { Spread } from '../../core/config-record.ts';
import type { ReadyStatus } from '../../core/readiness.ts';
import { Refused } from '../../core/refused.ts';
import type { Planned } from '../../core/spread/plan.ts';
import { readerOf } from './sending/read-tasks.ts';

/**
 * Plans the tasks of a burst that are not sent yet, as if they were handed over now.
 * @param stopMs reading them ends in time, epoch milliseconds
 * @throws {Refused} `NotPossible` where they cannot be read in time, `Impossible` where SQS would drop them before they
 * come out; {AwsError} `SourceChanged`
 */
export async function planRest(
  record: BurstRecord,
  mark: SentMark,
  goal: Spread | undefined,
  status: ReadyStatus,
  ports: Ports,
  stopMs: number,
): Promise<Planned> {
  const measured = await measureRest(record, mark, ports, stopMs);
  const { wanted } = status.applied;
  const queue = await ports.queues.read(status.queueUrl);
  const planned = planMeasured(measured, goal, boundsOfPipeline(wanted, queue?.counts), ports.random);
  refuseBeyondRetention(planned.plan.window, wanted);
  return planned;
}

/** By what was known of the pipeline when the burst began: the rounds go by the same. */
async function measureRest(
  record: BurstRecord,
  { fromIndex, fromByte }: SentMark,
  ports: Ports,
  stopMs: number,
): Promise<Measured> {
  const { source, total } = record;
  const estimator = estimatorOf(record);
  if (source.kind === 'numbered') return measureCount(total - fromIndex, estimator);
  const measure = createMeasure(estimator);
  for await (const task of readerOf(record, ports)(fromIndex, fromByte)) {
    if (task.index >= total) break;
    measure.add(task);
    if (task.index % 10_000 === 0 && ports.clock.nowMs() > stopMs) {
      throw new Refused(
        'NotPossible',
        `the tasks of burst ${record.burstId} are too many to be planned anew`,
      );
    }
  }
  return measure.measured();
}
