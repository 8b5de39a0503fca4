import * as z from 'zod';
import type { Ports } from '../../aws/ports.ts';
import { namingSchema } from '../../core/release/naming.ts';

/** Where the reconciler stands on its way round; one fact in the ledgers table. */
const progressSchema = z.object({
  tick: z.number().default(0),
  configCursor: z.string().optional(),
  statusCursor: z.string().optional(),
  functionCursor: z.string().optional(),
  queueCursor: z.string().optional(),
  releaseCursor: z.string().optional(),
  mappingPages: z.number().default(1),
  /** Concurrency of the pipelines seen so far in this round. */
  committed: z.number().default(0),
  /** Which releases are named by any record: what nobody names may be deleted. */
  naming: namingSchema.optional(),
});

export type Progress = z.infer<typeof progressSchema>;

const PROGRESS_FACT = 'reconciler';

export async function readProgress(
  ports: Ports,
): Promise<{ readonly progress: Progress; readonly revision: number }> {
  const fact = await ports.ledgers.read(PROGRESS_FACT);
  return { progress: progressSchema.parse(fact?.value ?? {}), revision: fact?.revision ?? 0 };
}

/** A tick that ran beside another one gives its progress up: its pipelines are looked at once more. */
export async function writeProgress(ports: Ports, progress: Progress, revision: number): Promise<void> {
  await ports.ledgers.write(PROGRESS_FACT, progress, revision);
}
