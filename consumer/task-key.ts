// Not imported but loaded where it is needed: node:crypto comes with it, which takes a cold start milliseconds.
import { jsonDigest } from '../core/config-hash.ts';

/**
 * The key of a task, as a digest: it may be long, or nobody's business.
 * @returns undefined where the task has nothing at this path
 */
export function keyOf(task: unknown, path: string): string | undefined {
  const steps = path === '$' ? [] : path.split('.');
  let value = task;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value === null || value === undefined ? undefined : jsonDigest(value);
}

/** Also of a task that has nothing there: it can still be told from its own second delivery. */
export function taskKeyOf(task: unknown, path: string, messageId: string): string {
  return keyOf(task, path) ?? jsonDigest({ messageId });
}
