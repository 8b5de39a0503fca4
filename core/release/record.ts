import * as z from 'zod';
import { configHash } from '../config-hash.ts';
import { rolloutSettingsSchema } from './rollout-settings.ts';

/** Where a release stands. `RolledBack` from the moment that it is decided: `returned` says how far it has got. */
export const RELEASE_STATES = [
  'Checking',
  'Canary',
  'Rolling',
  'Baking',
  'Done',
  'RolledBack',
  'Rejected',
  'Superseded',
  'Aborted',
] as const;

export type ReleaseState = (typeof RELEASE_STATES)[number];

/** One wave: who is in it follows from the line's order. */
export const waveSchema = z.object({
  /** The release's reach once this wave is open. */
  reach: z.number(),
  canaries: z.boolean(),
  /** Pipelines that it moves, as counted when the rollout was planned. */
  pipelines: z.number(),
  /** Those of them whose last run had failed then: not the release's fault. */
  failedBefore: z.number().optional(),
});

export type Wave = z.output<typeof waveSchema>;

/** How many pipelines stand where. `pinned` and those that follow another key are not counted among the rest. */
export const countsSchema = z.object({
  /** Run the release admitted to them. */
  moved: z.number().default(0),
  /** A run is under way. */
  moving: z.number().default(0),
  /** Told, or to be told; nothing is under way. */
  due: z.number().default(0),
  /** The last run failed; it is tried again. */
  failing: z.number().default(0),
  /** Failed three times: reported, and not waited for. */
  failed: z.number().default(0),
  /** Their record is rejected: they go on as they are until it is mended. */
  blocked: z.number().default(0),
  /** Not reached yet. */
  waiting: z.number().default(0),
  pinned: z.number().default(0),
});

export type Counts = z.output<typeof countsSchema>;

export const NO_COUNTS: Counts = countsSchema.parse({});

/** What a few tasks of many pipelines came to; sums, so that they add up. */
export const tasksSchema = z.object({
  /** Lambda calls of the consumer, and how many of them were errors or were throttled. */
  calls: z.number().default(0),
  errors: z.number().default(0),
  throttled: z.number().default(0),
  /** Tasks that came to an end, and how many of them failed. */
  tasks: z.number().default(0),
  failures: z.number().default(0),
  /** Milliseconds of all calls together. */
  durationMs: z.number().default(0),
  /** Dead letters that were not there before. */
  deadLetters: z.number().default(0),
});

export type Tasks = z.output<typeof tasksSchema>;

export const NO_TASKS: Tasks = tasksSchema.parse({});

/** Why somebody thinks that a release is bad. */
export const evidenceSchema = z.object({
  /** Absent: of all pipelines of the wave together. */
  pipelineId: z.string().optional(),
  what: z.enum(['failures', 'errors', 'throttles', 'deadLetters', 'duration', 'codeSync', 'byHand']),
  /** For people: what was seen, what is allowed. */
  message: z.string(),
});

export type Evidence = z.output<typeof evidenceSchema>;

/** A walk over all pipelines, some at a time. */
const walkSchema = z.object({
  cursor: z.string().optional(),
  startedMs: z.number(),
  /** Runs started in this walk. */
  told: z.number().default(0),
  counts: countsSchema.default(NO_COUNTS),
  before: tasksSchema.default(NO_TASKS),
  after: tasksSchema.default(NO_TASKS),
  /** Pipelines looked at how they do, those with enough tasks of their own to judge, and the unhealthy ones. */
  watched: z.number().default(0),
  /** When the last of them was moved, epoch milliseconds. */
  lastMovedMs: z.number().default(0),
  judged: z.number().default(0),
  unhealthy: z.number().default(0),
  evidence: z.array(evidenceSchema).default([]),
});

export type Walk = z.output<typeof walkSchema>;

export function newWalk(startedMs: number): Walk {
  return walkSchema.parse({ startedMs });
}

/** A release and how far it has gone. Table `sluice-<stage>-releases`, key `codeKey`, `version`. */
export const releaseRecordSchema = z.object({
  codeKey: z.string(),
  /** S3 version id. */
  version: z.string(),
  /** It is replaced as a whole, only if this is still what was read. */
  revision: z.number(),
  bucket: z.string(),
  state: z.enum(RELEASE_STATES),
  /** The last state that an event has told of. */
  announced: z.enum(RELEASE_STATES).optional(),
  /** For people: why it is Rejected, RolledBack, Superseded or Aborted. */
  reason: z.string().optional(),
  /** ISO 8601: when S3 got it, when its rollout began, when it ended, when it is expected to end. */
  uploadedAt: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  expectedEnd: z.string().optional(),
  /** S3's order of uploads of one key; only where it is known to be this version's. */
  sequencer: z.string().optional(),
  /** The object's size, bytes; Lambda counts code unzipped. */
  sizeBytes: z.number(),
  unzippedBytes: z.number().optional(),
  /** Base64, as Lambda says it too. */
  sha256: z.string().optional(),
  /** Code storage of the account when the rollout began, and what it will need besides. */
  storage: z.object({ usedBytes: z.number(), allowedBytes: z.number(), neededBytes: z.number() }).optional(),
  /** What to look out for; a rollout goes on. */
  warnings: z.array(z.string()).default([]),
  /** As they were when it was checked; what they do not say, the stage says. */
  settings: z.object(rolloutSettingsSchema.shape).partial().default({}),
  /** The stable release when this one was admitted: where a rollback goes. */
  from: z.string().optional(),
  waves: z.array(waveSchema).default([]),
  /** Index of the wave that is open; -1 before the first. */
  wave: z.number().default(-1),
  /** Since when all of the open wave have been told, epoch milliseconds: its bake runs from here. */
  toldAtMs: z.number().optional(),
  counts: countsSchema.default(NO_COUNTS),
  /** Up to ten pipelines whose code could not be changed, and why. */
  failedPipelines: z.array(z.object({ pipelineId: z.string(), message: z.string() })).default([]),
  walk: walkSchema.optional(),
  /** What the last watch saw, release before and this one. */
  health: z.object({ before: tasksSchema, after: tasksSchema, atMs: z.number() }).optional(),
  evidence: z.array(evidenceSchema).default([]),
  /** After a rollback: everybody has gone back; dead letters that were sent again. */
  returned: z.boolean().optional(),
  redriven: z.number().optional(),
  /** By hand: no further wave opens until it is resumed. */
  paused: z.boolean().default(false),
  /** The execution that drives it, and its last sign of life, epoch milliseconds. */
  owner: z.string(),
  aliveAtMs: z.number(),
  /** How many executions have driven it: each has a name of its own. */
  executions: z.number().default(1),
  updatedAt: z.string(),
  /** Epoch seconds: records of releases long over go by DynamoDB's TTL. */
  expiresAt: z.number().optional(),
});

export type ReleaseRecord = z.output<typeof releaseRecordSchema>;

/** A release: one version of one object in the code bucket. */
export interface Release {
  readonly key: string;
  readonly version: string;
}

const OPEN_STATES: readonly ReleaseState[] = ['Checking', 'Canary', 'Rolling', 'Baking'];

/** Whether the rollout has not come to an end. */
export function isOpen({ state }: Pick<ReleaseRecord, 'state'>): boolean {
  return OPEN_STATES.includes(state);
}

/** Whether somebody has to drive it on: it is open, or everybody is still to be brought back. */
export function needsDriver(record: Pick<ReleaseRecord, 'state' | 'returned' | 'paused'>): boolean {
  if (record.state === 'RolledBack') return record.returned !== true;
  return isOpen(record) && !record.paused;
}

/** Stands for a release in names: hexadecimal, always the same. */
export function releaseFingerprint({ key, version }: Release): string {
  return configHash([key, version]);
}

/** The execution that drives a release out: its name follows from the release and how often it was begun. */
export function rolloutName(release: Release, execution = 1): string {
  const name = `release-${releaseFingerprint(release)}`;
  return execution === 1 ? name : `${name}-${execution}`;
}
