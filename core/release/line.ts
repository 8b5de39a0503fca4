import * as z from 'zod';
import { configHash } from '../config-hash.ts';

/**
 * Which release of a code key goes to whom: one small fact for each key, read by every run. It is what makes
 * a rollout of thousands constant work: opening a wave changes one number here, and whoever asks from then on,
 * a run, the reconciler, a pipeline made this minute, gets the same answer.
 */
export const releaseLineSchema = z.object({
  /** What everybody runs whom the next release has not reached: the last release that went all the way. */
  stable: z.string().optional(),
  /** The stable release before that, for going back by hand. */
  former: z.string().optional(),
  /** A release on its way. */
  next: z
    .object({
      version: z.string(),
      /** It goes to pipelines whose position is below this: 0 none, 1 all. */
      reach: z.number(),
      /** It goes to the pipelines marked `canary`. */
      canaries: z.boolean(),
    })
    .optional(),
  /** Superseded before they got far: who has one keeps it until the next release comes by, nobody gets it anew. */
  kept: z.array(z.string()).default([]),
});

export type ReleaseLine = z.output<typeof releaseLineSchema>;

export const EMPTY_LINE: ReleaseLine = { kept: [] };

/** More superseded releases than anybody has; who still runs an older one goes back to the stable one. */
const KEPT_MOST = 20;

/** The fact under which a code key's line is kept in the ledgers table. */
export function releaseFact(codeKey: string): string {
  return `release#${codeKey}`;
}

/** A pipeline, as far as releases look at it. */
export interface Follower {
  readonly pipelineId: string;
  /** Marked in its config record to go first. */
  readonly canary: boolean;
  /** The version of this key that it was last given, if any. */
  readonly version: string | undefined;
}

/** The release admitted to a pipeline; undefined if none of the key's releases is. */
export function admittedVersion(line: ReleaseLine, follower: Follower): string | undefined {
  const { next, stable, kept } = line;
  if (next !== undefined && reaches(next, follower)) return next.version;
  const { version } = follower;
  // Also who has the one on its way without being reached: its mark is gone, or it had it from an earlier try.
  if (version !== undefined && (version === next?.version || kept.includes(version))) return version;
  return stable;
}

/** Whether a release on its way has reached a pipeline. */
export function reaches(
  next: NonNullable<ReleaseLine['next']>,
  follower: Omit<Follower, 'version'>,
): boolean {
  if (next.canaries && follower.canary) return true;
  return positionOf(follower.pipelineId, next.version) < next.reach;
}

/**
 * Where in the order of a release a pipeline comes: at random but always the same, in [0, 1). The order is
 * another one for every release, so that not always the same groups go first.
 */
export function positionOf(pipelineId: string, version: string): number {
  return Number.parseInt(configHash([version, pipelineId]).slice(0, 12), 16) / 2 ** 48;
}

/** A new release takes the place of one on its way. Nobody has it yet. */
export function admit(line: ReleaseLine, version: string): ReleaseLine {
  if (line.next?.version === version) return line;
  const begun = line.next !== undefined && (line.next.reach > 0 || line.next.canaries);
  const superseded = begun ? [(line.next as { version: string }).version] : [];
  const kept = [...line.kept.filter((each) => !superseded.includes(each)), ...superseded];
  const next = { version, reach: 0, canaries: false };
  // A first release that was given to everybody is what to go back to, though it was never said to be done.
  const stable = line.stable ?? givenToAll(line);
  return {
    ...line,
    ...(stable === undefined ? {} : { stable }),
    next,
    kept: kept.filter((each) => each !== stable).slice(-KEPT_MOST),
  };
}

/** A first release goes to all at once. */
function givenToAll({ next }: ReleaseLine): string | undefined {
  return next !== undefined && next.reach >= 1 ? next.version : undefined;
}

/** The release reaches further; never less far. Undefined if it is no longer the one on its way. */
export function widen(
  line: ReleaseLine,
  version: string,
  { reach, canaries }: { readonly reach: number; readonly canaries: boolean },
): ReleaseLine | undefined {
  if (line.next?.version !== version) return undefined;
  const next = {
    version,
    reach: Math.max(line.next.reach, reach),
    canaries: line.next.canaries || canaries,
  };
  return { ...line, next };
}

/** The release has gone all the way. Undefined if it is no longer the one on its way. */
export function finish(line: ReleaseLine, version: string): ReleaseLine | undefined {
  if (line.stable === version && line.next?.version !== version) return line;
  if (line.next?.version !== version) return undefined;
  const { next: _next, stable, former, ...rest } = line;
  const before = stable === version ? former : stable;
  return { ...rest, stable: version, ...(before === undefined ? {} : { former: before }), kept: [] };
}

/**
 * Everybody goes back to what was there before the release. Undefined if there is nothing to go back to, or
 * the line does not name the release.
 */
export function rollBack(line: ReleaseLine, version: string): ReleaseLine | undefined {
  const { next, former, ...rest } = line;
  if (next?.version === version) {
    if (line.stable === undefined) return undefined;
    return { ...rest, ...(former === undefined ? {} : { former }), kept: [] };
  }
  // Superseded, and found bad all the same: who kept it goes back, and does not wait for the newer one.
  if (line.kept.includes(version)) {
    return { ...line, kept: line.kept.filter((each) => each !== version) };
  }
  // A newer one on its way has not failed: it goes on, from the former one.
  if (line.stable === version && former !== undefined) {
    const kept = line.kept.filter((each) => each !== version);
    return { ...rest, stable: former, ...(next === undefined ? {} : { next }), kept };
  }
  return undefined;
}

/** The release stops where it is: who has it keeps it, nobody else gets it. Undefined if it is not on its way. */
export function stop(line: ReleaseLine, version: string): ReleaseLine | undefined {
  const { next, ...rest } = line;
  if (next?.version !== version) return undefined;
  return { ...rest, kept: [...line.kept.filter((each) => each !== version), version] };
}

/** Every version that the line may still hand out. */
export function versionsOf({ stable, former, next, kept }: ReleaseLine): string[] {
  return [stable, former, next?.version, ...kept].filter((version) => version !== undefined);
}
