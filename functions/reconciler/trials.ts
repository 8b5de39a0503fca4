import type { Page, Ports } from '../../aws/ports.ts';
import { TAG_STAGE, TAG_TRIAL, trialFunction, trialPrefix } from '../../core/names.ts';
import { type ReleaseRecord, releaseFingerprint } from '../../core/release/record.ts';
import type { Session } from './session.ts';

const PAGE = 100;
/** Releases looked through for one that is being tried. */
const PAGES_MOST = 20;

/**
 * Deletes functions that releases were tried with and that a crash has left behind.
 * @param functionNames names of some functions of the account
 * @returns how many are gone
 */
export async function deleteLeftTrials(session: Session, functionNames: readonly string[]): Promise<number> {
  const { ports, settings } = session;
  const prefix = trialPrefix(settings.stage);
  const trials = functionNames.filter((name) => name.startsWith(prefix));
  if (trials.length === 0) return 0;
  // Listed before this is read: a trial that begins meanwhile has a function that is not in the list.
  const tried = await triedNow(ports, settings.stage);
  if (tried === undefined) return 0;
  const left = trials.filter((name) => !tried.has(name));
  const deleted = await session.each(left, (name) => deleteTrial(session, name, name.slice(prefix.length)));
  return deleted.filter(Boolean).length;
}

/** The functions of all releases that are being tried; undefined where there are too many releases to know. */
async function triedNow(ports: Ports, stage: string): Promise<ReadonlySet<string> | undefined> {
  const names = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_MOST; pages += 1) {
    const page: Page<ReleaseRecord> = await ports.releases.page(cursor, PAGE);
    for (const { state, codeKey: key, version } of page.items) {
      if (state === 'Checking') names.add(trialFunction(stage, releaseFingerprint({ key, version })));
    }
    cursor = page.cursor;
    if (cursor === undefined) return names;
  }
  return undefined;
}

async function deleteTrial(session: Session, name: string, fingerprint: string): Promise<boolean> {
  const { ports, settings, spend } = session;
  const tags = (await ports.functions.read(name))?.tags;
  if (tags?.[TAG_STAGE] !== settings.stage || tags[TAG_TRIAL] !== fingerprint) return false;
  const answer = await spend((permit) => ports.functions.delete(name, permit));
  if (answer !== 'deleted') return false;
  ports.log.info('deleted what a trial had left', { name });
  return true;
}
