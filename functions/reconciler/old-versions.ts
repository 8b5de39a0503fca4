import { readLine } from '../../aws/release-lines.ts';
import { isComplete, isNamed, isSure, type Naming, type SureNaming } from '../../core/release/naming.ts';
import { prunable, versionsUnderWay } from '../../core/release/prune.ts';
import type { Session } from './session.ts';

/** Versions deleted in one tick. */
const DELETED_MOST = 20;

/**
 * Deletes old versions of these keys that no record names, some in each tick. S3 cannot do it by itself: it
 * does not know who runs what.
 * @returns how many are gone
 */
export async function deleteOldVersions(
  session: Session,
  keys: ReadonlySet<string>,
  naming: Naming,
): Promise<number> {
  if (!isComplete(naming)) return 0;
  const { ports } = session;
  if (naming.tooMany) {
    ports.log.warn('more releases in use than can be told apart: no old version is deleted');
    return 0;
  }
  if (!isSure(naming)) return 0;
  const old = await session.each([...keys], (key) => oldVersions(session, key, naming));
  const some = old.flatMap((versions) => versions ?? []).slice(0, DELETED_MOST);
  const deleted = await session.each(some, async ({ key, version }) => {
    await ports.code.deleteVersion(key, version);
    ports.log.info('deleted an old version', { key, version });
    return true;
  });
  return deleted.filter(Boolean).length;
}

/** Of a key with more versions than a page has the oldest come later, once those before them are gone. */
async function oldVersions({ ports, settings }: Session, key: string, naming: SureNaming) {
  const { items } = await ports.code.versions(key, undefined);
  const { line } = await readLine(key, ports);
  const keeping = {
    line,
    newest: settings.keepReleases,
    isNamed: (version: string) => isNamed(naming, { key, version }),
    namedSinceMs: naming.before.sinceMs,
  };
  const old = prunable(items, keeping, ports.clock.nowMs());
  if (old.length === 0) return [];
  const needed = versionsUnderWay(await ports.releases.ofKey(key));
  return old.filter((version) => !needed.has(version)).map((version) => ({ key, version }));
}
