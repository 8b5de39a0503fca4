import type { Ports } from '../../aws/ports.ts';
import { burstFingerprint } from '../../core/burst/fingerprint.ts';
import type { Tasks } from '../../core/burst/input.ts';
import type { BurstRecord, BurstSource } from '../../core/burst/record.ts';
import { Refused } from '../../core/refused.ts';
import { listedTasks, numberedTasks, objectTasks, type ReadTasks } from '../burst/sending/read-tasks.ts';

/** Tasks as they were handed over, ready to be read. */
export interface HandedOver {
  readonly source: BurstSource;
  readonly fingerprint: string;
  readonly read: ReadTasks;
}

/**
 * Looks for the tasks of a burst.
 * @param known the burst of this id, if there is one
 * @throws {Refused} `UnknownSource`; `BurstIdTaken` where the known burst is another one
 */
export async function handedOver(
  burstId: string,
  pipelineId: string,
  tasks: Tasks,
  known: BurstRecord | undefined,
  ports: Ports,
): Promise<HandedOver> {
  const handed = await findTasks(burstId, tasks, known, ports);
  if (known === undefined) return handed;
  const taken = (why: string) =>
    new Refused(
      'BurstIdTaken',
      `there is a burst ${burstId} already, ${why} — give this one another burstId`,
    );
  if (known.pipelineId !== pipelineId) throw taken(`of pipeline ${known.pipelineId}`);
  if (known.fingerprint !== handed.fingerprint) throw taken('of other tasks');
  return handed;
}

async function findTasks(
  burstId: string,
  tasks: Tasks,
  known: BurstRecord | undefined,
  ports: Ports,
): Promise<HandedOver> {
  if (tasks.kind === 'object') return findObject(burstId, tasks, known, ports);
  const fingerprint = burstFingerprint(tasks);
  return tasks.kind === 'listed'
    ? { source: { kind: 'inline' }, fingerprint, read: listedTasks(tasks.tasks, burstId) }
    : { source: { kind: 'numbered' }, fingerprint, read: numberedTasks(tasks.count, burstId) };
}

async function findObject(
  burstId: string,
  tasks: Extract<Tasks, { kind: 'object' }>,
  known: BurstRecord | undefined,
  ports: Ports,
): Promise<HandedOver> {
  const { bucket, key } = tasks;
  const found = await ports.taskObjects.find(bucket, key);
  // Of a burst that is under way, or over, the object may be gone by now.
  const before = known?.source.kind === 'object' ? known.source : undefined;
  const etag = found?.etag ?? before?.etag;
  if (etag === undefined) {
    throw new Refused(
      'UnknownSource',
      `there is no object s3://${bucket}/${key}, or Sluice may not read it — correct the source, or add the bucket to the stage’s sourceBuckets`,
    );
  }
  const version = found?.version ?? before?.version;
  const source = {
    kind: 'object',
    bucket,
    key,
    etag,
    ...(version !== undefined && { version }),
    isOwn: false,
  } as const;
  return {
    source,
    fingerprint: burstFingerprint(tasks, etag),
    read: objectTasks(before?.etag === etag ? before : source, burstId, ports),
  };
}
