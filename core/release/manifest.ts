import * as z from 'zod';
import { environmentField } from '../config-record/environment.ts';
import { fieldNotes } from '../config-record/field-notes.ts';
import { fieldProblems } from '../config-record/field-problems.ts';
import type { Problem } from '../problems.ts';
import { rolloutSettingsSchema } from './rollout-settings.ts';

/** What the zip of a release may say of itself, in a file of this name at its top. */
export const MANIFEST_FILE = 'sluice.json';

const SEE_DOCS = 'docs/rollouts.md lists what the file may hold';

/** `sluice.json`: all of it optional. */
const manifestSchema = z
  .strictObject({
    smokeEvent: z
      .string()
      .min(1)
      .register(fieldNotes, {
        title: 'Smoke event',
        description:
          'A file of the zip: the event that the release is tried with before any pipeline gets it.',
        allowed: 'the name of a file of the zip',
        hint: 'leave it out to try the release without tasks',
      })
      .optional(),
    /** Of that trial; pipelines have their own. */
    smokeEnvironment: environmentField.default(() => ({})),
    rollout: rolloutSettingsSchema
      .partial()
      .register(fieldNotes, {
        title: 'Rollout',
        description: 'Where this release is to go out otherwise than the settings of the stage say.',
        hint: SEE_DOCS,
      })
      .default({}),
  })
  .register(fieldNotes, {
    title: 'Manifest of a release',
    description: 'What the zip of a release says of itself.',
    hint: SEE_DOCS,
  });

export type Manifest = z.output<typeof manifestSchema>;

export type ParsedManifest =
  | { readonly kind: 'read'; readonly manifest: Manifest }
  | { readonly kind: 'rejected'; readonly problems: readonly Problem[] };

/** Reads the text of `sluice.json`; a zip without one says nothing of itself. */
export function readManifest(text: string | undefined): ParsedManifest {
  if (text === undefined) return { kind: 'read', manifest: manifestSchema.parse({}) };
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return { kind: 'rejected', problems: [notJson((error as Error).message)] };
  }
  const parsed = manifestSchema.safeParse(given);
  if (parsed.success) return { kind: 'read', manifest: parsed.data };
  const problems = fieldProblems(manifestSchema, given, []);
  const inFile = (path: string) => [MANIFEST_FILE, path].filter((part) => part !== '').join('.');
  return { kind: 'rejected', problems: problems.map((each) => ({ ...each, path: inFile(each.path) })) };
}

function notJson(given: string): Problem {
  const hint = 'mend the file, or leave it out';
  return { path: MANIFEST_FILE, code: 'NotAllowed', allowed: 'JSON', given, hint };
}

/** The file of a zip that its `sluice.json` names, so that it can be read together with it. */
export function smokeFileOf(manifestText: string | undefined): string | undefined {
  const read = readManifest(manifestText);
  return read.kind === 'read' ? read.manifest.smokeEvent : undefined;
}
