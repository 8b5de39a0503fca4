import * as z from 'zod';
import { configRecordSchema } from '../config-record/schema.ts';
import type { StatusRecord } from '../status-record.ts';
import { type Release, releaseFingerprint } from './record.ts';

/**
 * Which releases are named by any record: collected some records at a time, until all have been seen, then
 * used for one walk over all releases.
 */
export const namingSchema = z.object({
  /** Epoch milliseconds. */
  sinceMs: z.number(),
  /** How often the walk over a table has come to its end since. */
  configEnds: z.number().default(0),
  statusEnds: z.number().default(0),
  /** The same, since the names are complete. */
  releaseEnds: z.number().default(0),
  /** Fingerprints; a version id alone may have a thousand characters. */
  named: z.array(z.string()).default([]),
  /** More than can be kept: nothing is known of those that are not among them. */
  tooMany: z.boolean().default(false),
  /** The complete collection before this one; absent where there was none, or it found too many. */
  before: z.object({ sinceMs: z.number(), named: z.array(z.string()) }).optional(),
});

export type Naming = z.output<typeof namingSchema>;

/** One with another before it. */
export type SureNaming = Naming & { readonly before: NonNullable<Naming['before']> };

export function newNaming(sinceMs: number): Naming {
  return namingSchema.parse({ sinceMs });
}

const NAMED_MOST = 500;

/** The second end proves it: the walk may have been anywhere when the collecting began. */
const ENDS_OF_A_WHOLE_WALK = 2;

/** A page of a table; without a cursor it is the last one. */
interface Slice<T> {
  readonly items: readonly T[];
  readonly cursor?: string;
}

/** What one tick has read of the two tables. */
export interface ReadRecords {
  readonly configs: Slice<Readonly<Record<string, unknown>>>;
  readonly statuses: Slice<StatusRecord>;
}

/** Adds the names that these records hold. */
export function collectNames(naming: Naming, { configs, statuses }: ReadRecords): Naming {
  const releases = [...configs.items.flatMap(pinOf), ...statuses.items.flatMap(releasesOf)];
  const named = [...new Set([...naming.named, ...releases.map(releaseFingerprint)])];
  const tooMany = naming.tooMany || named.length > NAMED_MOST;
  return {
    ...naming,
    configEnds: naming.configEnds + (configs.cursor === undefined ? 1 : 0),
    statusEnds: naming.statusEnds + (statuses.cursor === undefined ? 1 : 0),
    named: tooMany ? [] : named,
    tooMany,
  };
}

/**
 * Whether a release that is not named was unnamed all through two complete collections, one after the other. One
 * alone says little of a pin that was set behind it.
 */
export function isSure(naming: Naming): naming is SureNaming {
  return naming.before !== undefined && isComplete(naming);
}

/** Whether every record of both tables has been seen since the collecting began. */
export function isComplete({ configEnds, statusEnds }: Naming): boolean {
  return Math.min(configEnds, statusEnds) >= ENDS_OF_A_WHOLE_WALK;
}

/** Whether a release may be in use, as far as this collection and the one before it know. */
export function isNamed({ named, tooMany, before }: Naming, release: Release): boolean {
  const fingerprint = releaseFingerprint(release);
  return tooMany || named.includes(fingerprint) || before?.named.includes(fingerprint) === true;
}

/**
 * What the next tick goes on with, after a page of the releases. Used for all of them, or of no use without one
 * before it, names are collected anew.
 */
export function afterReleases(naming: Naming, releasesEnd: boolean, nowMs: number): Naming {
  if (!isComplete(naming)) return naming;
  const releaseEnds = naming.releaseEnds + (releasesEnd ? 1 : 0);
  const { tooMany, before, sinceMs, named } = naming;
  if (tooMany) return newNaming(nowMs);
  if (before === undefined || releaseEnds >= ENDS_OF_A_WHOLE_WALK) {
    return { ...newNaming(nowMs), before: { sinceMs, named } };
  }
  return { ...naming, releaseEnds };
}

/** What a pipeline runs, what its run is bringing it, and what it ran before. */
function releasesOf({ applied, run, formerCodes = [] }: StatusRecord): Release[] {
  return [applied?.code, run?.target?.code, ...formerCodes].filter((code) => code !== undefined);
}

/** The version that a config record, good or bad, is pinned to. */
function pinOf(record: Readonly<Record<string, unknown>>): Release[] {
  const key = codeKeyOf(record);
  const { codeVersion } = record;
  return key === undefined || typeof codeVersion !== 'string' ? [] : [{ key, version: codeVersion }];
}

/** The code key of a config record, good or bad in the rest. */
export function codeKeyOf(record: Readonly<Record<string, unknown>>): string | undefined {
  return configRecordSchema.shape.codeKey.safeParse(record.codeKey).data;
}
