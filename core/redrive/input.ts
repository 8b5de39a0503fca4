import * as z from 'zod';
import { fieldNotes, integer } from '../config-record/field-notes.ts';
import { describeGiven } from '../config-record/given.ts';
import { configRecordSchema } from '../config-record/schema.ts';
import { type GivenMap, givenMap, inputProblems, invalidInput } from '../invalid-input.ts';
import type { Problem } from '../problems.ts';
import type { Wish } from './match.ts';

/** What somebody asks for. */
export type RedriveRequest = {
  readonly pipelineId: string;
} & (
  | { readonly kind: 'begin'; readonly wish: Wish; readonly redriveId?: string | undefined }
  /** Says what a redrive would do. */
  | { readonly kind: 'dryRun'; readonly wish: Wish }
  | { readonly kind: 'stop' }
  | { readonly kind: 'status' }
);

const MAX_REDRIVES = 3;
/** As long as a note's. */
const REASON_CHARACTERS = 2_000;

const flag = (title: string, description: string) =>
  z.boolean().register(fieldNotes, { title, description, hint: 'leave it out, or give true' }).default(false);

const redriveSchema = z.strictObject({
  pipelineId: configRecordSchema.shape.pipelineId,
  reason: z
    .string()
    .min(1)
    .max(REASON_CHARACTERS)
    .register(fieldNotes, {
      title: 'Reason',
      description: 'Only dead letters of this reason.',
      allowed: `a reason of 1 to ${REASON_CHARACTERS} characters, or the beginning of one and *`,
      hint: 'a dry run names the reasons that there are; leave it out for all',
    })
    .optional(),
  first: integer(1, undefined, {
    title: 'First',
    unit: 'dead letters',
    description: 'Most dead letters to send again: a probe.',
    hint: 'leave it out for all',
  }).optional(),
  maxRedrives: integer(1, undefined, {
    title: 'Redrives',
    unit: 'times',
    description: 'Dead letters stay that were sent again so often before.',
    hint: `leave it out for ${MAX_REDRIVES}`,
  }).default(MAX_REDRIVES),
  redriveId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,80}$/)
    .register(fieldNotes, {
      title: 'Redrive id',
      description: 'Asked for again with the same id, a redrive is not begun again.',
      allowed: '1 to 80 letters, digits, - or _',
      hint: 'leave it out, or make one up for each redrive',
    })
    .optional(),
  dryRun: flag('Dry run', 'Looks at dead letters and sends none.'),
  stop: flag('Stop', 'Ends the redrive that is under way.'),
  status: flag('Status', 'Says how far the redrive is.'),
});

/** One of these at most. */
const INSTEAD = ['dryRun', 'stop', 'status'] as const;
const WISHES = ['reason', 'first', 'maxRedrives', 'redriveId'] as const;

/**
 * Reads what somebody asks for.
 * @throws {Refused} `InvalidInput`, with everything that is wrong
 */
export function parseRedrive(input: unknown): RedriveRequest {
  const raw = givenMap(input, 'pipelineId');
  const problems = [...inputProblems(raw, redriveSchema.shape), ...conflicts(raw)];
  if (problems.length > 0) throw invalidInput(problems);
  const { pipelineId, redriveId, dryRun, stop, status, ...wish } = redriveSchema.parse(raw);
  if (stop) return { kind: 'stop', pipelineId };
  if (status) return { kind: 'status', pipelineId };
  return dryRun ? { kind: 'dryRun', pipelineId, wish } : { kind: 'begin', pipelineId, wish, redriveId };
}

/** Fields that do not go together. */
function conflicts(raw: GivenMap): Problem[] {
  const [chosen, ...others] = INSTEAD.filter((field) => raw[field] === true);
  const idle = chosen === 'dryRun' ? [] : WISHES.filter((field) => raw[field] !== undefined);
  if (chosen === undefined) return [];
  return [...others, ...idle].map((field) => ({
    path: field,
    code: 'Conflict',
    allowed: `left out where ${chosen} is true`,
    given: describeGiven(raw[field]),
    hint: `give ${chosen} or ${field}`,
  }));
}
