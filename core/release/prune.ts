import { type ReleaseLine, versionsOf } from './line.ts';
import { isOpen, type ReleaseRecord } from './record.ts';

/** One version of an object in the code bucket, or the mark of its deletion. */
export interface StoredVersion {
  readonly version: string;
  readonly isCurrent: boolean;
  readonly isDeleteMarker: boolean;
  /** Epoch milliseconds. */
  readonly uploadedAtMs: number;
}

/** Why versions of a key are kept. */
export interface Keeping {
  readonly line: ReleaseLine;
  /** So many of the newest stay, whoever runs them. */
  readonly newest: number;
  /** Whether some record names it: somebody runs it, has run it last, or is pinned to it. */
  readonly isNamed: (version: string) => boolean;
  /** Since when those names were collected, epoch milliseconds. */
  readonly namedSinceMs: number;
}

/** Nothing younger goes: it may be on its way to somebody who does not name it yet. */
const YOUNGEST_MS = 86_400_000;

/**
 * The versions of one key that can go for good, oldest first: replaced, old, and of no use to anybody.
 * @param versions newest first
 */
export function prunable(versions: readonly StoredVersion[], keeping: Keeping, nowMs: number): string[] {
  const uploads = versions.filter((one) => !one.isDeleteMarker).map((one) => one.version);
  const kept = new Set([...uploads.slice(0, keeping.newest), ...versionsOf(keeping.line)]);
  const beforeMs = Math.min(keeping.namedSinceMs, nowMs - YOUNGEST_MS);
  return versions
    .filter(({ isCurrent, uploadedAtMs }) => !isCurrent && uploadedAtMs < beforeMs)
    .map(({ version }) => version)
    .filter((version) => !kept.has(version) && !keeping.isNamed(version))
    .reverse();
}

/** The versions that releases on their way out, or on their way back, may still need. */
export function versionsUnderWay(
  releases: readonly Pick<ReleaseRecord, 'version' | 'from' | 'state' | 'returned'>[],
): Set<string> {
  const underWay = releases.filter(
    (release) => isOpen(release) || (release.state === 'RolledBack' && release.returned !== true),
  );
  return new Set(underWay.flatMap(({ version, from }) => (from === undefined ? [version] : [version, from])));
}
