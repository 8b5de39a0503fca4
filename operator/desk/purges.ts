import * as z from 'zod';
import { PURGE_MS } from '../../core/verdict/why.ts';
import type { StagePorts } from '../stage/stage.ts';
import { ifReadable } from './read-facts.ts';

type PurgePorts = Pick<StagePorts, 'clock' | 'ledgers'>;

/** Pipelines whose queues have been purged within the last minute, and when: all in one item, which is read with the rest. */
const PURGES_FACT = 'purges';
const purgesSchema = z.record(z.string(), z.number());
/** Others write it at the same moment so seldom that it is not worth more. */
const TRIES = 3;

/** When the queue of a pipeline was purged, for as long as SQS may count what is gone. */
export async function readPurges(ports: PurgePorts): Promise<(pipelineId: string) => number | undefined> {
  const purges = purgesSchema.safeParse((await ifReadable(ports.ledgers.read(PURGES_FACT)))?.value).data;
  return (pipelineId) => purges?.[pipelineId];
}

/** For everybody who looks meanwhile. Who may not write it down has purged all the same. */
export async function notePurge({ clock, ledgers }: PurgePorts, pipelineId: string): Promise<void> {
  const noted = async () => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const fact = await ledgers.read(PURGES_FACT);
      const nowMs = clock.nowMs();
      const before = Object.entries(purgesSchema.safeParse(fact?.value).data ?? {});
      const recent = before.filter(([, atMs]) => nowMs - atMs < PURGE_MS);
      const value = { ...Object.fromEntries(recent), [pipelineId]: nowMs };
      if ((await ledgers.write(PURGES_FACT, value, fact?.revision ?? 0)) === 'written') return;
    }
  };
  await ifReadable(noted());
}
