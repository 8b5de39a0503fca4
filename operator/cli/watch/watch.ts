import { setTimeout as sleep } from 'node:timers/promises';
import { createProgressReader, type ProgressReader } from '../../../aws/burst-progress.ts';
import type { Bursts, Clock } from '../../../aws/ports.ts';
import type { BurstProgress } from '../../../core/burst/progress.ts';
import { CommandFault, EXIT, type ExitCode } from '../exit-codes.ts';
import { endedWell } from './ending.ts';
import type { Screen } from './screens.ts';

/** How often bursts are read, milliseconds: a read costs two items and the shards that are not over. */
const READ_EVERY_MS = 1_000;
/** How often open bursts are looked for. */
const FIND_EVERY_MS = 5_000;
/** Bars that anybody could read below each other. */
const MOST_BURSTS = 20;

export interface WatchPorts {
  readonly bursts: Pick<Bursts, 'read' | 'readSent' | 'readShards' | 'open'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/**
 * Shows a burst, or all that are open, until all of them have ended.
 * @returns whether all of them ended well
 * @throws {CommandFault} where there is no such burst
 */
export async function watch(
  ports: WatchPorts,
  burstId: string | undefined,
  screen: Screen,
  signal: AbortSignal,
  readEveryMs = READ_EVERY_MS,
): Promise<ExitCode> {
  const readers = new Map<string, ProgressReader>();
  const seen = new Map<string, BurstProgress>();
  const follow = (id: string) => readers.set(id, createProgressReader(ports, id));
  let findAtMs = 0;
  if (burstId !== undefined) follow(burstId);
  for (;;) {
    if (burstId === undefined && ports.clock.nowMs() >= findAtMs) {
      for (const id of await openBursts(ports)) if (!seen.has(id)) follow(id);
      findAtMs = ports.clock.nowMs() + FIND_EVERY_MS;
    }
    for (const [id, reader] of readers) {
      const progress = await reader.read();
      if (progress !== undefined) seen.set(id, progress);
      if (progress === undefined || progress.state === 'Ended') readers.delete(id);
    }
    if (burstId !== undefined && seen.size === 0) throw unknownBurst(burstId);
    const all = [...seen.values()];
    if (all.length > 0) screen.show(all);
    if (readers.size === 0) break;
    await sleep(readEveryMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return EXIT.interrupted;
  }
  const all = [...seen.values()];
  screen.end(all);
  return all.every(endedWell) ? EXIT.well : EXIT.notWell;
}

/** The oldest first. */
async function openBursts({ bursts }: WatchPorts): Promise<string[]> {
  const found = await bursts.open(Number.MAX_SAFE_INTEGER, MOST_BURSTS);
  return found
    .filter(({ state }) => state !== 'Ended')
    .sort((a, b) => a.createdAtMs - b.createdAtMs)
    .map(({ burstId }) => burstId);
}

function unknownBurst(burstId: string): CommandFault {
  return new CommandFault(
    EXIT.unknown,
    `there is no burst ${burstId}, or it ended more than 30 days ago — sluice watch without an id shows those that are open`,
  );
}
