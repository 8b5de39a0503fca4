import { requestPermit } from '../../aws/control-plane-budget.ts';
import type { AccountLimits, Ports } from '../../aws/ports.ts';
import { ACCOUNT_FACT, type AccountFact } from '../../core/account.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import type { StageSettings } from '../../core/stage-settings.ts';

/** The ledger of whose turn it is to read the account's limits, and how long the others leave it to that one. */
const ACCOUNT_READER = 'account#reader';
const READ_AGAIN_MS = 5_000;

/** The account's limits as the reconciler last read them; on a new stage it reads them itself. */
export async function readAccount(ports: Ports, settings: StageSettings): Promise<AccountLimits> {
  const fact = await ports.ledgers.read(ACCOUNT_FACT);
  if (fact !== undefined) return fact.value as AccountFact;
  // One reads for all: a bulk load onto a new stage must not spend its budget on the same question.
  const nowMs = ports.clock.nowMs();
  const turn = { nowMs, spacingMs: READ_AGAIN_MS, count: 1, horizonMs: 0 };
  if ((await ports.ledgers.reserve(ACCOUNT_READER, turn)).kind === 'full') throw new NotYet(1);
  const answer = await requestPermit(ports, settings.controlPlanePerSecond, 'pause');
  if (answer.kind === 'later') throw new NotYet(answer.afterSeconds);
  const limits = await ports.account.read(answer.permit);
  await ports.ledgers.write(ACCOUNT_FACT, limits, 0);
  return limits;
}
