import * as z from 'zod';
import { roundsFields } from '../machine-step.ts';

/** What travels through the redrive machine. */
export const redriveStateSchema = z.object({ pipelineId: z.string(), ...roundsFields });

export type RedriveState = z.output<typeof redriveStateSchema>;
