import type { Ports } from '../../aws/ports.ts';
import { type RedriveRecord, redriveFact, redriveRecordSchema } from '../../core/redrive/record.ts';

/** The record of a pipeline's redrive, under way or the last one, as it was read or written. */
export interface KnownRedrive {
  readonly record: RedriveRecord | undefined;
  readonly revision: number;
}

export async function readRedrive(pipelineId: string, ports: Ports): Promise<KnownRedrive> {
  const fact = await ports.ledgers.read(redriveFact(pipelineId));
  return fact === undefined
    ? { record: undefined, revision: 0 }
    : { record: redriveRecordSchema.parse(fact.value), revision: fact.revision };
}

/**
 * Writes what follows from the record as it is, however often somebody else writes it first.
 * @param next answers undefined where nothing is to be written
 * @returns the record as it is then
 */
export async function changeRedrive(
  pipelineId: string,
  known: KnownRedrive,
  ports: Ports,
  next: (record: RedriveRecord | undefined) => RedriveRecord | undefined,
): Promise<KnownRedrive> {
  for (let latest = known; ; latest = await readRedrive(pipelineId, ports)) {
    const record = next(latest.record);
    if (record === undefined) return latest;
    const written = await ports.ledgers.write(redriveFact(pipelineId), record, latest.revision);
    if (written === 'written') return { record, revision: latest.revision + 1 };
  }
}
