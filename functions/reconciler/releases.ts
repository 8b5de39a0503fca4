import type { Page } from '../../aws/ports.ts';
import { afterReleases, codeKeyOf, collectNames, type Naming, newNaming } from '../../core/release/naming.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { deleteOldVersions } from './old-versions.ts';
import type { Progress } from './progress.ts';
import { tendRollouts } from './rollouts.ts';
import type { Session } from './session.ts';
import { deleteLeftTrials } from './trials.ts';

/** What one tick did about releases. */
export interface ReleasesDone {
  /** Rollouts that nobody drove on any more. */
  readonly takenOver: number;
  /** Uploads that nobody had taken up. */
  readonly takenUp: number;
  readonly deletedVersions: number;
  readonly deletedTrials: number;
}

const NOTHING: ReleasesDone = { takenOver: 0, takenUp: 0, deletedVersions: 0, deletedTrials: 0 };

/** What the same tick has read besides. */
export interface Read {
  readonly configs: Page<Readonly<Record<string, unknown>>>;
  readonly statuses: Page<StatusRecord>;
  /** Functions of the account. */
  readonly functions: Page<string>;
}

export interface TendedReleases {
  readonly done: ReleasesDone;
  /** Where the next tick goes on. */
  readonly next: Pick<Progress, 'releaseCursor' | 'naming'>;
}

/**
 * A page of releases: those whose rollout has stopped go on, uploads that were missed are taken up, and what
 * nobody needs any more is deleted. Whatever is wrong with them, the tick's other work goes on.
 */
export async function tendReleases(
  session: Session,
  { releaseCursor, naming: before }: Progress,
  read: Read,
): Promise<TendedReleases> {
  // Outside of all that may fail: a name that is missing here would cost somebody their code.
  const naming = collectNames(before ?? newNaming(session.ports.clock.nowMs()), read);
  const [tended] = await session.each(['releases'], () => tend(session, releaseCursor, naming, read));
  return tended ?? { done: NOTHING, next: { naming, ...(releaseCursor && { releaseCursor }) } };
}

async function tend(
  session: Session,
  cursor: string | undefined,
  naming: Naming,
  { configs, functions }: Read,
): Promise<TendedReleases> {
  const deletedTrials = await deleteLeftTrials(session, functions.items);
  const codeKeys = configs.items.map(codeKeyOf).filter((key) => key !== undefined);
  const { page, takenOver, takenUp } = await tendRollouts(session, cursor, codeKeys);
  const releasedKeys = new Set(page.items.map(({ codeKey }) => codeKey));
  const deletedVersions = await deleteOldVersions(session, releasedKeys, naming);
  return {
    done: { takenOver, takenUp, deletedVersions, deletedTrials },
    next: {
      naming: afterReleases(naming, page.cursor === undefined, session.ports.clock.nowMs()),
      ...(page.cursor === undefined ? {} : { releaseCursor: page.cursor }),
    },
  };
}
