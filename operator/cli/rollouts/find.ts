import type { ReleaseRecord } from '../../../core/release/record.ts';
import type { CodeDesk } from '../../views/desk.ts';
import { CommandFault, EXIT } from '../exit-codes.ts';

export const DEFAULT_KEY = 'consumer.zip';

/**
 * The release that is meant: the newest of the key, or the one whose version begins so.
 * @throws {CommandFault} where there is none, or more than one
 */
export async function findRelease(
  desk: Pick<CodeDesk, 'rollouts'>,
  codeKey: string,
  version: string | undefined,
): Promise<ReleaseRecord> {
  const releases = await desk.rollouts(codeKey);
  const fitting =
    version === undefined ? releases.slice(0, 1) : releases.filter((one) => one.version.startsWith(version));
  const exact = fitting.find((one) => one.version === version);
  const [found, other] = exact === undefined ? fitting : [exact];
  if (found === undefined) {
    throw new CommandFault(
      EXIT.unknown,
      releases.length === 0
        ? `there is no release of ${codeKey} — bring one with sluice code push, or say another --key`
        : `there is no release ${version} of ${codeKey} — sluice rollout ls shows those that there are`,
    );
  }
  if (other !== undefined) {
    throw new CommandFault(EXIT.usage, `several versions begin with ${version} — give more of it`);
  }
  return found;
}
