import type { Offender } from './judge.ts';
import { type Most, offendersOf, type Round } from './round.ts';

/** One metric of the stage. `pipelineId`: whose the value is, where it is one pipeline's. */
export interface StageMetric {
  readonly name: string;
  readonly value: number;
  readonly pipelineId?: string;
}

/**
 * What CloudWatch is told each minute: of the last whole round, or of the one under way where that is worse already, so that
 * trouble shows at once and is over once all pipelines have been looked at again.
 */
export function stageMetrics(whole: Round | undefined, underWay: Round | undefined): readonly StageMetric[] {
  const rounds = [whole, underWay].filter((round) => round !== undefined);
  const worse = (of: (round: Round) => number) => Math.max(0, ...rounds.map(of));
  const most = (of: (round: Round) => Most): Most =>
    rounds.map(of).reduce((a, b) => (b.value > a.value ? b : a), { value: 0 });
  return [
    { name: 'TasksWaiting', value: worse(({ waiting }) => waiting) },
    { name: 'TasksRunning', value: worse(({ running }) => running) },
    { name: 'RunningMost', ...most(({ runningMost }) => runningMost) },
    { name: 'DeadLetters', value: worse(({ letters }) => letters) },
    { name: 'OldestTaskSeconds', ...most(({ oldestSeconds }) => oldestSeconds) },
    { name: 'PipelinesStuck', value: worse(({ needs }) => needs.stuck ?? 0) },
    { name: 'PipelinesNeedingAttention', value: worse(offendersOf) },
  ];
}

export const ATTENTION = 'Pipelines need attention';

/** The detail of the event of that name. */
export interface Attention {
  readonly stage: string;
  /** How many pipelines there are, and how many of them need attention; 0: it is over. */
  readonly pipelines: number;
  readonly needing: number;
  readonly needs: Round['needs'];
  /** The ten worst. */
  readonly worst: readonly Offender[];
  /** Pipelines that this round could not look at, and so does not tell of. */
  readonly unseen: number;
  /** When the round began, epoch milliseconds. */
  readonly sinceMs: number;
}

/** @returns what is to be told after a whole round; undefined where the same pipelines need attention for the same reasons */
export function attentionAfter(stage: string, round: Round, told: number): Attention | undefined {
  if (round.mark === told) return undefined;
  const { pipelines, needs, worst, unseen, sinceMs } = round;
  return { stage, pipelines, needing: offendersOf(round), needs, worst, unseen, sinceMs };
}
