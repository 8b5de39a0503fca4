import { type ReleaseLine, versionsOf } from './line.ts';
import { type Release, rolloutName } from './record.ts';

/** An upload that nobody has taken up for longer is no lost event: its release may have come and gone. */
const LOST_AT_MOST_MS = 30 * 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Which execution takes up what a key holds, where no release record knows it: its event was lost, or the
 * execution that it started died before it wrote anything.
 * @returns the execution's name: the one that the event itself would give it, and each hour another one, for
 *   a name can be used only once. Undefined where nothing was lost.
 */
export function executionForLost(
  upload: Release & { readonly uploadedAtMs: number },
  line: ReleaseLine,
  nowMs: number,
): string | undefined {
  const ageMs = nowMs - upload.uploadedAtMs;
  if (ageMs > LOST_AT_MOST_MS || versionsOf(line).includes(upload.version)) return undefined;
  const hours = Math.floor(ageMs / HOUR_MS);
  return hours < 1 ? rolloutName(upload) : `${rolloutName(upload)}-after-${hours}-hours`;
}
