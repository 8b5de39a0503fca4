import * as z from 'zod';
import type { GroupState } from './hold.ts';

const endedSchema = z.object({ tasks: z.number(), failed: z.number() });

/** Leaves out what is beside the point; a hold that a person has typed may say no more than how long. */
const holdSchema = z.object({
  sinceMs: z.number().default(0),
  untilMs: z.number(),
  cause: z.enum(['throttled', 'breaker']).default('throttled'),
  guesses: z.number().default(0),
});

const breakerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('closed'), sinceMs: z.number(), opened: z.number() }),
  z.object({
    state: z.literal('open'),
    sinceMs: z.number(),
    untilMs: z.number(),
    opened: z.number(),
    evidence: endedSchema.optional(),
  }),
  z.object({
    state: z.literal('halfOpen'),
    sinceMs: z.number(),
    opened: z.number(),
    probes: z.array(z.object({ id: z.string(), untilMs: z.number() })),
    succeeded: z.number(),
    failed: z.number().optional(),
  }),
]);

/**
 * What an item of the holds table, or an image of one, says of its group. Whatever is no hold, or no breaker, counts
 * as none: what people have typed must stop no stream.
 * @returns undefined where it says nothing
 */
export function readGroupState(item: Readonly<Record<string, unknown>> | undefined): GroupState | undefined {
  const hold = holdSchema.safeParse(item?.hold).data;
  const breaker = breakerSchema.safeParse(item?.breaker).data;
  if (hold === undefined && breaker === undefined) return undefined;
  return { ...(hold && { hold }), ...(breaker && { breaker }) } as GroupState;
}
