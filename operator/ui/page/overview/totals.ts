import { type AccountFact, overcommittedBy } from '../../../../core/account.ts';
import type { Verdict } from '../../../../core/verdict/verdict.ts';
import type { PipelineRow } from '../../../views/pipelines.ts';
import { runningIn } from '../../../views/running.ts';
import { type Attention, attentionOf } from './attention.ts';

/** All pipelines together, as far as their queues have been looked at. */
export interface Totals {
  readonly pipelines: number;
  readonly looked: number;
  readonly running: number;
  readonly waiting: number;
  readonly delayed: number;
  readonly deadLetters: number;
  /** What all may run at once, together. */
  readonly concurrency: number;
  readonly byAttention: Readonly<Record<Attention, number>>;
  /** Phases that there are, with how many pipelines. */
  readonly phases: ReadonlyMap<string, number>;
  /** And verdicts. */
  readonly verdicts: ReadonlyMap<Verdict['kind'], number>;
}

/**
 * By how much all together may run more than the account; undefined where they may not. Their records say so now; what the
 * reconciler has noted of that is as old as its last round.
 */
export function beyondAccount(
  { concurrency }: Pick<Totals, 'concurrency'>,
  account: AccountFact | undefined,
): number | undefined {
  return overcommittedBy(account && { ...account, committedConcurrency: concurrency });
}

export function totalsOf(rows: Iterable<PipelineRow>): Totals {
  const sums = {
    pipelines: 0,
    looked: 0,
    running: 0,
    waiting: 0,
    delayed: 0,
    deadLetters: 0,
    concurrency: 0,
  };
  const byAttention = { trouble: 0, waiting: 0, working: 0, idle: 0 };
  const phases = new Map<string, number>();
  const verdicts = new Map<Verdict['kind'], number>();
  for (const row of rows) {
    sums.pipelines += 1;
    sums.concurrency += row.concurrency ?? 0;
    byAttention[attentionOf(row)] += 1;
    phases.set(row.phase, (phases.get(row.phase) ?? 0) + 1);
    verdicts.set(row.verdict.kind, (verdicts.get(row.verdict.kind) ?? 0) + 1);
    if (row.look === undefined) continue;
    sums.looked += 1;
    sums.running += runningIn(row) ?? 0;
    sums.waiting += row.look.waiting;
    sums.delayed += row.look.delayed;
    sums.deadLetters += row.look.deadLetters;
  }
  return { ...sums, byAttention, phases, verdicts };
}
