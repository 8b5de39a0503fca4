import { createHash } from 'node:crypto';
import type { Tasks } from './input.ts';
import { taskBody } from './task.ts';

/**
 * Tells bursts under one id apart: equal for the same tasks in the same order.
 * @param etag of the object, where the tasks stand in one
 * @returns 64 hexadecimal characters
 */
export function burstFingerprint(tasks: Tasks, etag = ''): string {
  const hash = createHash('sha256').update(`${tasks.kind}\n`);
  if (tasks.kind === 'numbered') hash.update(String(tasks.count));
  if (tasks.kind === 'object') hash.update(JSON.stringify([tasks.bucket, tasks.key, etag]));
  if (tasks.kind === 'listed') for (const task of tasks.tasks) hash.update(`${taskBody(task)}\n`);
  return hash.digest('hex');
}
