import * as z from 'zod';
import { SQS_RETENTION_MAX_SECONDS } from '../aws-limits.ts';
import { fieldNotes } from '../config-record/field-notes.ts';
import { describeGiven, isMap } from '../config-record/given.ts';
import { parseSpread, type Spread } from '../config-record.ts';
import { type GivenMap, givenMap, inputProblems, invalidInput } from '../invalid-input.ts';
import type { Problem } from '../problems.ts';

/** What somebody wants of a burst. */
export type BurstRequest = { readonly burstId: string } & (
  | { readonly kind: 'status' }
  | { readonly kind: 'cancel' | 'pause' | 'resume' }
  /** Another plan for all that is not sent; without a goal as the pipeline's limits allow. */
  | { readonly kind: 'replan'; readonly goal: Spread | undefined }
);

const flag = (title: string, description: string) =>
  z
    .literal(true)
    .register(fieldNotes, { title, description, allowed: 'true', hint: 'leave it out, or give true' })
    .optional();

const fields = {
  burstId: z.string().min(1).register(fieldNotes, {
    title: 'Burst id',
    description: 'The burst that is meant.',
    allowed: 'the burstId that the trigger was given, or has answered',
    hint: 'the answer of the trigger has it',
  }),
  status: flag('Status', 'Says how far the burst is.'),
  cancel: flag('Cancel', 'Sends nothing more of it.'),
  pause: flag('Pause', 'Sends nothing more of it for now.'),
  resume: flag('Resume', 'Goes on with a paused burst, as far apart as it was planned.'),
  replan: z
    .strictObject({ spread: z.unknown().optional() })
    .register(fieldNotes, {
      title: 'Replan',
      description: 'Plans all that is not sent yet anew.',
      allowed: 'a map with a spread, or without one for no spread at all',
      hint: 'for example {"spread": {"finishWithinSeconds": 600}}',
    })
    .optional(),
};

const DEEDS = ['status', 'cancel', 'pause', 'resume', 'replan'] as const;

/**
 * Reads what somebody wants of a burst. A burst alone asks for its status.
 * @throws {Refused} `InvalidInput`, with everything that is wrong
 */
export function parseBurstRequest(input: unknown): BurstRequest {
  const raw = givenMap(input, 'burstId');
  const { spread } = (isMap(raw.replan) ? raw.replan : {}) as { readonly spread?: unknown };
  // Judged by the longest retention; the plan is, by the pipeline's own.
  const judged = spread === undefined ? undefined : parseSpread(spread, SQS_RETENTION_MAX_SECONDS);
  const problems = [
    ...inputProblems(raw, fields),
    ...conflicts(raw),
    ...(judged?.kind === 'invalid'
      ? judged.problems.map((problem) => ({ ...problem, path: `replan.${problem.path}` }))
      : []),
  ];
  if (problems.length > 0) throw invalidInput(problems);
  const burstId = raw.burstId as string;
  const deed = DEEDS.find((one) => raw[one] !== undefined) ?? 'status';
  if (deed !== 'replan') return { burstId, kind: deed };
  return { burstId, kind: 'replan', goal: judged?.kind === 'valid' ? judged.spread : undefined };
}

/** One of them at a time. */
function conflicts(raw: GivenMap): Problem[] {
  const [chosen, ...others] = DEEDS.filter((deed) => raw[deed] !== undefined);
  return others.map((deed) => ({
    path: deed,
    code: 'Conflict',
    allowed: `left out where ${chosen} is given`,
    given: describeGiven(raw[deed]),
    hint: `give ${chosen} or ${deed}`,
  }));
}
