import * as z from 'zod';
import { roundsFields } from '../machine-step.ts';

/** What travels through the burst machine. */
export const burstStateSchema = z.object({ burstId: z.string(), ...roundsFields });

export type BurstState = z.output<typeof burstStateSchema>;
