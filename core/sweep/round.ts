import { jsonDigest } from '../config-hash.ts';
import { type Judged, NEEDS, type Need, type Offender } from './judge.ts';

/** How many pipelines are named. */
const NAMED_MOST = 10;

/** What a round over all pipelines has found so far. Plain JSON of a bounded size. */
export interface Round {
  /** When it began, epoch milliseconds. */
  readonly sinceMs: number;
  readonly pipelines: number;
  /** Pipelines that could not be looked at. */
  readonly unseen: number;
  readonly waiting: number;
  readonly running: number;
  readonly letters: number;
  readonly runningMost: Most;
  readonly oldestSeconds: Most;
  readonly needs: Readonly<Partial<Record<Need, number>>>;
  /** The worst of those that need attention. */
  readonly worst: readonly Offender[];
  /** Of all that need attention and why, whatever the order; 0 where none does. */
  readonly mark: number;
}

/** A largest value, and whose it is. */
export interface Most {
  readonly value: number;
  readonly pipelineId?: string;
}

export function newRound(sinceMs: number): Round {
  return {
    sinceMs,
    pipelines: 0,
    unseen: 0,
    waiting: 0,
    running: 0,
    letters: 0,
    runningMost: { value: 0 },
    oldestSeconds: { value: 0 },
    needs: {},
    worst: [],
    mark: 0,
  };
}

/** The round with some more pipelines. */
export function withJudged(round: Round, judged: readonly Judged[], unseen: number): Round {
  const offenders = judged.flatMap(({ offender }) => offender ?? []);
  const sum = (of: (one: Judged) => number) => judged.reduce((all, one) => all + of(one), 0);
  return {
    ...round,
    pipelines: round.pipelines + judged.length,
    unseen: round.unseen + unseen,
    waiting: round.waiting + sum((one) => one.waiting),
    running: round.running + sum((one) => one.running),
    letters: round.letters + sum((one) => one.letters),
    runningMost: judged.reduce((most, one) => larger(most, one.pipelineId, one.running), round.runningMost),
    oldestSeconds: judged.reduce(
      (most, one) => larger(most, one.pipelineId, one.oldestSeconds),
      round.oldestSeconds,
    ),
    needs: Object.fromEntries(
      NEEDS.map((need) => [
        need,
        (round.needs[need] ?? 0) + offenders.filter((one) => one.need === need).length,
      ]).filter(([, count]) => count !== 0),
    ),
    worst: [...round.worst, ...offenders].sort(worstFirst).slice(0, NAMED_MOST),
    mark: offenders.reduce((mark, one) => (mark + markOf(one)) % MARKS, round.mark),
  };
}

/** How many need attention. */
export function offendersOf({ needs }: Pick<Round, 'needs'>): number {
  return Object.values(needs).reduce((sum, count) => sum + count, 0);
}

function larger(most: Most, pipelineId: string, value: number): Most {
  return value > most.value ? { value, pipelineId } : most;
}

const MARKS = 2 ** 48;

function markOf({ pipelineId, need }: Offender): number {
  return Number.parseInt(jsonDigest([pipelineId, need]).slice(0, 12), 16);
}

function worstFirst(a: Offender, b: Offender): number {
  return (
    NEEDS.indexOf(a.need) - NEEDS.indexOf(b.need) ||
    sizeOf(b) - sizeOf(a) ||
    (a.pipelineId < b.pipelineId ? -1 : 1)
  );
}

function sizeOf({ need, evidence }: Offender): number {
  if (need === 'deadLetters') return evidence.deadLetters;
  return need === 'late' ? (evidence.oldestSeconds ?? 0) : evidence.waiting;
}
