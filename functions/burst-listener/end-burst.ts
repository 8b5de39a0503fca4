import type { Ports } from '../../aws/ports.ts';
import { endedDetail, endedRecord, toldRecord } from '../../core/burst/ended.ts';
import { measuredAfter, measuredFact, pipelineMeasuredSchema } from '../../core/burst/measured.ts';
import { burstIdOf, type PartsId, partsIdOf } from '../../core/burst/place.ts';
import type { BurstRecord } from '../../core/burst/record.ts';
import { tasksLeft, totalsOf } from '../../core/burst/totals.ts';
import { sumUp } from './sum-up.ts';

/** A burst that was said to be over, and is not: a read has not seen what was written, or somebody has erred. */
class NotOver extends Error {
  override readonly name = 'NotOver';
}

/**
 * Ends a burst: its record first, then everybody is told. Whoever dies in between is followed by somebody who tells
 * again, so each is told at least once.
 * @param why `over`: all of its tasks are; `lost`: whatever is not over is nowhere to be found
 * @returns undefined where there is no such burst
 * @throws where a burst is not over
 */
export async function endBurst(
  partsId: PartsId,
  why: 'over' | 'lost',
  ports: Ports,
): Promise<BurstRecord | undefined> {
  const burstId = burstIdOf(partsId);
  for (;;) {
    const record = await ports.bursts.read(burstId);
    // A dead letter that came back may be of one that had the same id before.
    if (record === undefined || partsIdOf(record) !== partsId) return undefined;
    if (record.state === 'Ended') return tellEnd(record, ports);
    const { mark, tally } = await sumUp(record, ports);
    const left = tasksLeft(totalsOf(record, mark, tally.counts()));
    if (why === 'over' && left > 0) throw new NotOver(`burst ${burstId} has ${left} tasks that are not over`);
    const ended = endedRecord(record, mark, tally, ports.clock.nowMs());
    if ((await ports.bursts.write(ended)) === 'conflict') continue;
    const { pipelineId, totals } = ended;
    ports.log.info('burst ended', { burstId, pipelineId, why, ...totals });
    return tellEnd({ ...ended, revision: ended.revision + 1 }, ports);
  }
}

/** Tells all that are to know of a burst which has ended, unless they were told. */
export async function tellEnd(record: BurstRecord, ports: Ports): Promise<BurstRecord> {
  if (record.checkAtMs === undefined) return record;
  await ports.events.publish('Burst ended', endedDetail(record));
  await noteMeasured(record, ports);
  const { source } = record;
  if (source.kind === 'object' && source.isOwn) await ports.taskObjects.remove(source);
  const told = toldRecord(record);
  // On conflict somebody else has told the same.
  await ports.bursts.write(told);
  return told;
}

/** What its tasks took is what the pipeline's next burst is planned by. If somebody else writes, theirs is as good. */
async function noteMeasured(record: BurstRecord, ports: Ports): Promise<void> {
  const fact = measuredFact(record.pipelineId);
  const { value, revision } = (await ports.ledgers.read(fact)) ?? { value: undefined, revision: 0 };
  const before = pipelineMeasuredSchema.safeParse(value).data;
  const next = measuredAfter(before, record, ports.clock.nowMs());
  if (next !== undefined) await ports.ledgers.write(fact, next, revision);
}
