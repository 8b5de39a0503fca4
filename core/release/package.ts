import type { Problem } from '../problems.ts';
import { handlerFiles } from './handler-file.ts';
import { MANIFEST_FILE, readManifest } from './manifest.ts';
import { type RolloutSettings, withOwn } from './rollout-settings.ts';

/** Lambda's limit for a function's code with its layers, unzipped. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const UNZIPPED_MAX_BYTES = 262_144_000;

/** What a consumer without tasks gets; also the trial of a release that names no event of its own. */
export const EMPTY_EVENT = { Records: [] };

/** A zip, as far as it was looked at. */
export type Archive =
  | { readonly kind: 'unreadable'; readonly reason: string }
  | {
      readonly kind: 'read';
      /** Base64. */
      readonly sha256: string;
      readonly files: readonly ArchiveFile[];
      /** The text of the files asked for that are there. */
      readonly texts: Readonly<Record<string, string>>;
    };

export interface ArchiveFile {
  readonly name: string;
  /** Unzipped. */
  readonly bytes: number;
}

/** A release that may be tried, or why it may not. */
export type Checked =
  | {
      readonly kind: 'sound';
      readonly unzippedBytes: number;
      readonly sha256: string;
      readonly settings: RolloutSettings;
      /** The event to try it with. */
      readonly smokeEvent: unknown;
      readonly smokeEnvironment: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'rejected'; readonly problems: readonly Problem[] };

/**
 * Looks at a release without running it.
 * @param handler `file.export`, as Lambda takes it
 * @param runtime Lambda's name of it: says which endings the handler's file may have
 * @param settings the stage's; the release's own come on top
 */
export function checkArchive(
  archive: Archive,
  { handler, runtime }: { readonly handler: string; readonly runtime: string },
  settings: RolloutSettings,
): Checked {
  if (archive.kind === 'unreadable') {
    const hint = 'upload a zip: `npm run build:consumer` makes one';
    return rejected({ path: 'zip', allowed: 'a zip archive', given: archive.reason, hint });
  }
  const { files, texts, sha256 } = archive;
  const unzippedBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const problems = [...sizeProblems(unzippedBytes), ...handlerProblems(files, handler, runtime)];
  const manifest = readManifest(texts[MANIFEST_FILE]);
  if (manifest.kind === 'rejected')
    return { kind: 'rejected', problems: [...problems, ...manifest.problems] };
  const { smokeEvent: name, smokeEnvironment, rollout } = manifest.manifest;
  const smoke = readSmokeEvent(name, texts);
  if (smoke.kind === 'rejected') problems.push(...smoke.problems);
  if (problems.length > 0 || smoke.kind === 'rejected') return { kind: 'rejected', problems };
  return {
    kind: 'sound',
    unzippedBytes,
    sha256,
    settings: withOwn(settings, rollout),
    smokeEvent: smoke.event,
    smokeEnvironment,
  };
}

function readSmokeEvent(
  name: string | undefined,
  texts: Readonly<Record<string, string>>,
): { readonly kind: 'read'; readonly event: unknown } | Rejected {
  if (name === undefined) return { kind: 'read', event: EMPTY_EVENT };
  const path = `${MANIFEST_FILE}.smokeEvent`;
  const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
  if (text === undefined) {
    return rejected({ path, allowed: 'a file of the zip', given: name, hint: 'put the file into the zip' });
  }
  try {
    return { kind: 'read', event: JSON.parse(text) };
  } catch (error) {
    const given = `${name}: ${(error as Error).message}`;
    return rejected({ path, allowed: 'a file of JSON', given, hint: 'mend the file' });
  }
}

function sizeProblems(unzippedBytes: number): Problem[] {
  if (unzippedBytes <= UNZIPPED_MAX_BYTES) return [];
  return [
    problem({
      path: 'zip',
      allowed: 'at most 250 MB unzipped',
      given: `${Math.ceil(unzippedBytes / 1_048_576)} MB`,
      hint: 'leave out what the consumer does not need, or put it into a layer',
    }),
  ];
}

function handlerProblems(files: readonly ArchiveFile[], handler: string, runtime: string): Problem[] {
  const allowed = handlerFiles(handler, runtime);
  // Of other runtimes the trial says whether the handler is there.
  if (allowed === undefined || files.some(({ name }) => allowed.includes(name))) return [];
  // A package that came along may well have a file of this name.
  const own = files.filter(({ name }) => !/(^|\/)(node_modules|site-packages)\//.test(name));
  const inFolder = own.find(({ name }) => allowed.some((each) => name.endsWith(`/${each}`)));
  return [
    problem({
      path: 'zip',
      allowed: `an archive with ${allowed.join(' or ')} at its top`,
      given: inFolder?.name ?? (files.length === 0 ? 'an empty one' : `one of ${files.length} without it`),
      hint: inFolder ? 'zip the files, not the folder that holds them' : 'bundle the handler into this file',
    }),
  ];
}

type Rejected = Extract<Checked, { kind: 'rejected' }>;

type Words = Omit<Problem, 'code'>;

function problem(words: Words): Problem {
  return { ...words, code: 'NotAllowed' };
}

function rejected(words: Words): Rejected {
  return { kind: 'rejected', problems: [problem(words)] };
}

/** What the trial of a release came to. */
export type Trial =
  | { readonly kind: 'returned'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly error: string }
  /** Lambda does not take the code. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Why a trial speaks against a release; undefined if it does not. */
export function trialProblem(trial: Trial): string | undefined {
  switch (trial.kind) {
    case 'refused':
      return `Lambda does not take the code: ${trial.reason}`;
    case 'failed':
      return `the trial failed: ${trial.error}`;
    case 'returned': {
      const failures = (trial.payload as { batchItemFailures?: unknown } | null | undefined)
        ?.batchItemFailures;
      if (!Array.isArray(failures) || failures.length === 0) return undefined;
      return `the trial's event left ${failures.length} of its tasks undone`;
    }
  }
}
