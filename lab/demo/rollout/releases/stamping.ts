import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskLog } from '../../../../consumer/index.ts';

/** An emulator that is busy loses what is logged in the last moment of a call. */
const MOMENT_MS = 50;

/**
 * Stamps the begin and the end of a task, whatever becomes of it, and says which release did it.
 * @throws what the work throws
 */
export async function stamp(
  log: TaskLog,
  { task, release }: { readonly task: number; readonly release: number },
  work: () => Promise<void>,
): Promise<void> {
  log.info('began', { task, release, atMs: Date.now() });
  const fate = await work().then(
    () => ({ fate: 'done' as const }),
    (error: Error) => ({ fate: 'failed' as const, error }),
  );
  log.info('ended', { task, release, atMs: Date.now(), fate: fate.fate });
  await sleep(MOMENT_MS);
  if (fate.fate === 'failed') throw fate.error;
}
