/** Reads what `npm start` shows: records, statuses and queue depths of a stage. */
import type { Page, TaskQueues } from '../../aws/ports.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { PipelineRow } from './view.ts';

export interface Watched {
  readonly configRecords: { page(cursor: string | undefined, limit: number): Promise<Page<unknown>> };
  readonly statusRecords: { page(cursor: string | undefined, limit: number): Promise<Page<StatusRecord>> };
  readonly queues: Pick<TaskQueues, 'read'>;
}

/** Every pipeline that has a record or a status. */
export async function readRows({ configRecords, statusRecords, queues }: Watched): Promise<PipelineRow[]> {
  const [records, statuses] = await Promise.all([all(configRecords), all(statusRecords)]);
  const known = new Set(statuses.map(({ pipelineId }) => pipelineId));
  const ids = records.map((record) => String((record as { pipelineId?: unknown }).pipelineId));
  return Promise.all([
    ...ids.filter((pipelineId) => !known.has(pipelineId)).map(newRow),
    ...statuses.map((status) => statusRow(status, queues)),
  ]);
}

async function all<T>(table: {
  page(cursor: string | undefined, limit: number): Promise<Page<T>>;
}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await table.page(cursor, 500);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
}

function newRow(pipelineId: string): PipelineRow {
  const unknown = { visible: undefined, delayed: undefined, inFlight: undefined, deadLetters: undefined };
  return { pipelineId, phase: 'New', concurrency: undefined, ...unknown, note: 'no status yet' };
}

async function statusRow(status: StatusRecord, queues: Watched['queues']): Promise<PipelineRow> {
  const counts = (url: string | undefined) =>
    url === undefined ? undefined : queues.read(url).then((queue) => queue?.counts);
  const [queue, deadLetters] = await Promise.all([
    counts(status.queueUrl),
    counts(status.deadLetterQueueUrl),
  ]);
  return {
    pipelineId: status.pipelineId,
    phase: status.phase,
    concurrency: status.applied?.wanted.concurrency,
    visible: queue?.visible,
    delayed: queue?.delayed,
    inFlight: queue?.inFlight,
    deadLetters: deadLetters && deadLetters.visible + deadLetters.inFlight,
    note: noteOf(status),
  };
}

function noteOf({ error, salvage, overcommitted, resting }: StatusRecord): string {
  if (error) return `${error.code}: ${error.message}`.split('\n')[0] ?? '';
  if (salvage && salvage.count > 0) return `${salvage.count} salvaged in ${salvage.uri}`;
  if (overcommitted) return `overcommitted by ${overcommitted}`;
  return resting ? 'resting until a task comes' : '';
}
