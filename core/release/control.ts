import * as z from 'zod';
import { fieldNotes } from '../config-record/field-notes.ts';
import { isOpen, type ReleaseRecord } from './record.ts';

/** What can be done to a rollout by hand. */
export const CONTROLS = ['pause', 'resume', 'abort', 'rollback', 'retry'] as const;

export type Control = (typeof CONTROLS)[number];

const REASON_CHARACTERS = 500;

/** What somebody asks of a rollout. Without a version: of the newest release of the key. */
export const controlRequestSchema = z.strictObject({
  action: z.enum(CONTROLS).register(fieldNotes, {
    title: 'Action',
    description: 'What to do to the rollout.',
    hint: 'say what to do to the rollout',
  }),
  codeKey: z
    .string()
    .min(1)
    .register(fieldNotes, {
      title: 'Code key',
      description: 'The object that the release is a version of.',
      allowed: 'the S3 key of consumer code',
      hint: 'leave it out for consumer.zip',
    })
    .default('consumer.zip'),
  version: z
    .string()
    .min(1)
    .register(fieldNotes, {
      title: 'Version',
      description: 'The release.',
      allowed: 'an S3 version id',
      hint: 'leave it out for the newest release of the key',
    })
    .optional(),
  reason: z
    .string()
    .max(REASON_CHARACTERS)
    .register(fieldNotes, {
      title: 'Reason',
      description: 'Stands in the release record.',
      allowed: `a text of at most ${REASON_CHARACTERS} characters`,
      hint: 'say it in fewer words, or leave it out',
    })
    .optional(),
});

export type ControlRequest = z.output<typeof controlRequestSchema>;

/** What a request comes to. */
export type ControlDecision =
  /** Already so. */
  | { readonly kind: 'nothing'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  /** No further wave opens; the open one is moved and watched on. */
  | { readonly kind: 'pause' }
  /** A new execution goes on where the last one stopped. */
  | { readonly kind: 'resume' }
  /** It stops where it is: who has the release keeps it, nobody else gets it. */
  | { readonly kind: 'abort' }
  /** Everybody goes back to the former release. */
  | { readonly kind: 'rollBack' }
  /** From the beginning: checked, then waves. */
  | { readonly kind: 'retry' };

/** Decides what a request does to a release. */
export function decideControl(
  action: Control,
  record: ReleaseRecord,
  /** Versions that everybody can go back to: what was stable before this release; undefined if there is none. */
  goesBackTo: string | undefined,
): ControlDecision {
  const { state, paused, returned } = record;
  const open = isOpen(record);
  const refused = (message: string): ControlDecision => ({ kind: 'refused', message });
  switch (action) {
    case 'pause':
      if (!open) return refused(`it is ${state}: only a rollout under way can be paused`);
      return paused ? { kind: 'nothing', message: 'it is paused already' } : { kind: 'pause' };
    case 'resume':
      if (!open) return refused(`it is ${state}: use retry to begin it again`);
      return paused ? { kind: 'resume' } : { kind: 'nothing', message: 'it is not paused' };
    case 'abort':
      if (state === 'Aborted') return { kind: 'nothing', message: 'it is aborted already' };
      if (!open) return refused(`it is ${state}: there is nothing to stop`);
      return { kind: 'abort' };
    case 'rollback':
      if (state === 'RolledBack') return { kind: 'nothing', message: 'it is rolled back already' };
      // Who got it before keeps it until the newer one comes by: it may be bad for them all the same.
      if (state === 'Superseded' && goesBackTo === undefined)
        return refused('it is Superseded: roll back the release that took its place');
      if (state === 'Rejected') return refused('it is Rejected: no pipeline has it');
      if (state === 'Checking') return refused('it is Checking: no pipeline has it yet, use abort');
      if (goesBackTo === undefined) return refused('there is no former release to go back to');
      return { kind: 'rollBack' };
    case 'retry':
      if (open) return refused(`it is ${state}${paused ? ', paused: use resume' : ': it is under way'}`);
      if (state === 'Done') return { kind: 'nothing', message: 'it is done: it has gone to every pipeline' };
      if (state === 'RolledBack' && returned !== true)
        return refused('pipelines are still going back: try again once all have');
      return { kind: 'retry' };
  }
}
