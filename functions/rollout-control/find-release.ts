import type { Ports } from '../../aws/ports.ts';
import { Refused } from '../../core/refused.ts';
import type { ControlRequest } from '../../core/release/control.ts';
import type { ReleaseRecord } from '../../core/release/record.ts';

/** More versions than a person reads. */
const NAMED_MOST = 20;

/**
 * The release that a request is about: the one of this version, or the newest of the key.
 * @throws {Refused} `UnknownRelease`, with the versions that there are
 */
export async function findRelease(
  { codeKey, version }: Pick<ControlRequest, 'codeKey' | 'version'>,
  ports: Ports,
): Promise<ReleaseRecord> {
  const releases = [...(await ports.releases.ofKey(codeKey))].sort(newestFirst);
  const found = version === undefined ? releases[0] : releases.find((one) => one.version === version);
  if (found === undefined) throw unknown(codeKey, version, releases);
  return found;
}

function newestFirst(a: ReleaseRecord, b: ReleaseRecord): number {
  return a.startedAt < b.startedAt ? 1 : -1;
}

function unknown(codeKey: string, version: string | undefined, releases: readonly ReleaseRecord[]): Refused {
  if (releases.length === 0) {
    return new Refused(
      'UnknownRelease',
      `there is no release of ${codeKey} — upload one, or correct codeKey`,
    );
  }
  const named = releases.slice(0, NAMED_MOST).map((one) => `${one.version} (${one.state})`);
  const more = releases.length > NAMED_MOST ? ` and ${releases.length - NAMED_MOST} older` : '';
  return new Refused(
    'UnknownRelease',
    `there is no release ${version} of ${codeKey} — give one of these versions, newest first, or none for the newest: ${named.join(', ')}${more}`,
  );
}
