import type { Ports } from '../../aws/ports.ts';
import { countSalvaged } from '../../aws/salvage-count.ts';
import { afterRestore, parseRestore } from '../../core/salvage-restore.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { noteActivity, wakeIfResting, wakeIfRestingNow } from '../trigger/keep-awake.ts';
import { readyPipeline } from '../trigger/ready-pipeline.ts';
import { type Restore, restoreObject } from './restore-object.ts';

/** Calls that may follow the last send: rewrite, delete, list, read and write the status. */
const CALLS_AFTER = 6;

/** What a restore did. */
export interface RestoreResult {
  readonly pipelineId: string;
  /** Messages sent again. */
  readonly restored: number;
  /** Second copies of messages, which a crash while salvaging can leave; they are not sent. */
  readonly duplicates: number;
  /** Messages still in salvage: not asked for, not taken by SQS, or out of time. Call again for the rest. */
  readonly left: number;
  /** Messages that SQS did not take; they are still in salvage. */
  readonly failed: readonly { readonly messageId: string; readonly code: string }[];
}

/**
 * Sends what a teardown salvaged to the pipeline of the same id, each message once: tasks to the queue,
 * dead letters to the dead-letter queue, bodies and attributes as they were. Can be run again after a crash
 * at any point; what was sent just before the crash is then sent once more.
 * @param input `{pipelineId, include?: 'tasks' | 'deadLetters' | 'all', limit?}`
 * @param deadlineMs when this function must be over, epoch milliseconds
 * @throws {Refused} where the pipeline takes no tasks
 */
export async function restoreSalvage(
  input: unknown,
  ports: Ports,
  settings: StageSettings,
  deadlineMs: number,
): Promise<RestoreResult> {
  const { pipelineId, include, limit } = parseRestore(input);
  const status = await readyPipeline(pipelineId, ports);
  const restore: Restore = {
    pipelineId,
    include,
    limit,
    urls: { queue: status.queueUrl, deadLetterQueue: status.deadLetterQueueUrl },
    ports,
    stopMs: deadlineMs - CALLS_AFTER * settings.timings.callSeconds * 1000,
    sent: new Set(),
    rewritten: new Set(),
    duplicates: 0,
    failed: [],
  };
  const cause = `restore ${ports.random()}`;
  const woken = await wakeIfResting(await noteActivity(status, ports), cause, ports);
  await restoreAll(restore);
  if (!woken && restore.sent.size > 0) await wakeIfRestingNow(pipelineId, cause, ports);

  const left = await countSalvaged(pipelineId, ports);
  await noteLeft(pipelineId, left, restore.sent.size + restore.duplicates, ports);
  const { duplicates, failed } = restore;
  const result = { pipelineId, restored: restore.sent.size, duplicates, left, failed };
  ports.log.info('restored', { ...result, failed: failed.length });
  return result;
}

/** Object by object, until there are no more, the limit is reached, the time is over or SQS takes nothing. */
async function restoreAll(restore: Restore): Promise<void> {
  const { ports, pipelineId, sent, limit } = restore;
  let cursor: string | undefined;
  do {
    const page = await ports.salvage.page(pipelineId, cursor);
    for (const { key } of page.items) {
      if (sent.size >= limit || ports.clock.nowMs() > restore.stopMs) return;
      if (restore.rewritten.has(key)) continue;
      if (!(await restoreObject(key, restore))) return;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Says in the status what is still in salvage. */
async function noteLeft(pipelineId: string, left: number, taken: number, ports: Ports): Promise<void> {
  for (;;) {
    const status = await ports.statuses.read(pipelineId);
    const next = status && afterRestore(status, ports.salvage.uri(pipelineId), left, taken);
    if (next === undefined || (await ports.statuses.write(next)) === 'written') return;
  }
}
