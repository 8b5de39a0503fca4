import type { AccountLimits, Ports } from '../../aws/ports.ts';
import { ACCOUNT_FACT, type AccountFact } from '../../core/account.ts';
import { judgeStorage } from '../../core/release/storage.ts';
import { readAccount } from '../pipeline-lifecycle/read-account.ts';
import type { Session } from './session.ts';

/** Reads the account's limits anew; where the budget has no room the last ones serve on. */
export async function refreshAccount(session: Session): Promise<AccountFact | undefined> {
  const { ports, settings } = session;
  const fact = await ports.ledgers.read(ACCOUNT_FACT);
  const limits = await session.spend((permit) => ports.account.read(permit));
  if (limits === undefined) return fact?.value as AccountFact | undefined;
  reportLimits(ports, limits);
  const committed = (fact?.value as AccountFact | undefined)?.committedConcurrency;
  const next: AccountFact = {
    ...limits,
    ...(committed === undefined ? {} : { committedConcurrency: committed }),
  };
  const written = await ports.ledgers.write(ACCOUNT_FACT, next, fact?.revision ?? 0);
  return written === 'written' ? next : ((await readAccount(ports, settings)) as AccountFact);
}

/**
 * An alarm measures against concurrency; code storage is the one limit that comes nearer with every pipeline and every
 * larger release.
 */
function reportLimits(
  { metrics, log }: Ports,
  { concurrency, codeBytesUsed, codeBytesAllowed }: AccountLimits,
): void {
  metrics.count('CodeStorageShare', codeBytesUsed / Math.max(1, codeBytesAllowed));
  metrics.count('AccountConcurrency', concurrency);
  const storage = judgeStorage({ usedBytes: codeBytesUsed, allowedBytes: codeBytesAllowed, neededBytes: 0 });
  if (storage.kind !== 'fits') log.warn(storage.message);
}

/** Keeps the sum of the concurrency of all pipelines, once a round has seen them all. */
export async function noteCommitted(ports: Ports, committedConcurrency: number): Promise<void> {
  const fact = await ports.ledgers.read(ACCOUNT_FACT);
  if (fact === undefined) return;
  await ports.ledgers.write(
    ACCOUNT_FACT,
    { ...(fact.value as AccountFact), committedConcurrency },
    fact.revision,
  );
}
