import { type AccountFact, MUST_STAY_UNRESERVED, overcommittedBy } from '../../../core/account.ts';
import { judgeStorage } from '../../../core/release/storage.ts';
import type { Need } from '../../../core/sweep/judge.ts';
import type { Sweep } from '../../../core/sweep/sweep.ts';
import { duration } from '../../../core/verdict/amounts.ts';
import { attention, type Finding, named, well } from './finding.ts';

/** The reconciler ticks once a minute. */
const LATE_TICK_MS = 300_000;

/** Whether the reconciler is at work, and what its rounds have found in queues. */
export function judgeSweep({ round, whole, pasts }: Sweep, nowMs: number): readonly Finding[] {
  const seenMs = Math.max(
    round?.sinceMs ?? 0,
    whole?.sinceMs ?? 0,
    ...Object.values(pasts).map(({ atMs }) => atMs),
  );
  if (seenMs === 0) {
    const action =
      'on a new stage wait a minute or two; else look at the log of the reconciler, and at its schedule';
    return [attention('reconciler', 'has not finished a look at the pipelines yet', action)];
  }
  const ago = `last looked at pipelines ${duration((nowMs - seenMs) / 1000)} ago`;
  const isLate = nowMs - seenMs > LATE_TICK_MS && (whole?.pipelines ?? 1) > 0;
  const ticks = isLate
    ? attention('reconciler', ago, 'it should do so each minute: look at its log, and at its schedule')
    : well('reconciler', ago);
  return [ticks, ...needsOf(whole?.needs ?? {}, whole?.worst.map((one) => one.pipelineId) ?? [])];
}

/** Failed and rejected ones are told from their status records. */
const QUEUE_NEEDS: Readonly<Partial<Record<Need, readonly [says: string, action: string]>>> = {
  stuck: [
    'with tasks waiting of which none runs',
    'sluice ls --verdict stuck, and look at their throttles and permissions',
  ],
  late: ['with tasks that are late', 'sluice ls --sort waiting, and raise what holds them back'],
  deadLetters: ['with dead letters', 'sluice ls --sort dead, then sluice dlq and sluice redrive'],
};

function needsOf(
  needs: Readonly<Partial<Record<Need, number>>>,
  worst: readonly string[],
): readonly Finding[] {
  return Object.entries(QUEUE_NEEDS).flatMap(([need, [says, action]]) => {
    const count = needs[need as Need] ?? 0;
    if (count === 0) return [];
    return [
      attention(
        need,
        `${count} ${count === 1 ? 'pipeline' : 'pipelines'} ${says}; the worst of all that need attention: ${named(worst)}`,
        action,
      ),
    ];
  });
}

/** How near the account's limits are. */
export function judgeQuotas(account: AccountFact | undefined): readonly Finding[] {
  if (account === undefined) {
    return [
      attention(
        'quotas',
        'the account’s limits have not been read yet',
        'wait for the reconciler’s next minute',
      ),
    ];
  }
  const { concurrency, unreservedConcurrency, codeBytesUsed, codeBytesAllowed, committedConcurrency } =
    account;
  const over = overcommittedBy(account);
  const committed = committedConcurrency === undefined ? '' : `${committedConcurrency} of `;
  const storage = judgeStorage({ usedBytes: codeBytesUsed, allowedBytes: codeBytesAllowed, neededBytes: 0 });
  const units = Math.max(0, unreservedConcurrency - MUST_STAY_UNRESERVED);
  return [
    over === undefined
      ? well('concurrency', `${committed}${concurrency} calls at once`)
      : attention(
          'concurrency',
          `the pipelines together may run ${over} more than the account’s ${concurrency} at once`,
          'raise the Lambda quota "Concurrent executions" in Service Quotas, or lower concurrency of some',
        ),
    units > 0
      ? well('reservable', `${units} units for pipelines of one task at a time`)
      : attention(
          'reservable',
          'no unit is left to reserve',
          'pipelines of one task at a time are kept by a lease, which costs more: raise the quota "Concurrent executions"',
        ),
    storage.kind === 'fits'
      ? well('code storage', `${share(codeBytesUsed, codeBytesAllowed)} used`)
      : attention(
          'code storage',
          storage.message,
          'make the code smaller, remove what other functions keep, or raise the quota "Function and layer storage"',
        ),
  ];
}

function share(part: number, whole: number): string {
  return `${((part / Math.max(1, whole)) * 100).toFixed(1)} %`;
}
