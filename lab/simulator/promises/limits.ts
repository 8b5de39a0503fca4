import type { StatusRecord } from '../../../core/status-record.ts';
import type { History } from '../history.ts';

type Moment =
  | { readonly atMs: number; readonly order: 0; readonly kind: 'end' }
  | {
      readonly atMs: number;
      readonly order: 1;
      readonly kind: 'status';
      readonly record: StatusRecord;
      readonly inForce: number;
    }
  | { readonly atMs: number; readonly order: 2; readonly kind: 'meddled' }
  | { readonly atMs: number; readonly order: 3; readonly kind: 'start'; readonly taskId: string };

const MEDDLINGS_WITH_LIMITS = new Set([
  'mappingConcurrency',
  'reservationGone',
  'functionGone',
  'mappingGone',
]);
/** Longest timeout in any story. */
const LONGEST_TASK_MS = 60_000;

/**
 * Tasks running at once, by their own stamps, never exceed the limit. While it changes the larger one counts,
 * until the status is Active or Paused.
 */
export function limitsHold(history: History): readonly string[] {
  return history.names.flatMap((pipelineId) => limitHolds(history, pipelineId));
}

function limitHolds(history: History, pipelineId: string): readonly string[] {
  let limit = 0;
  let meddledUntilMs = 0;
  let running = 0;
  for (const moment of momentsOf(history, pipelineId)) {
    switch (moment.kind) {
      case 'end':
        running -= 1;
        break;
      case 'start':
        running += 1;
        break;
      case 'meddled':
        meddledUntilMs = Number.POSITIVE_INFINITY;
        break;
      case 'status':
        limit = limitAfter(limit, moment.record);
        // Mended; what started under the other limit may still run.
        if (
          isSettled(moment.record) &&
          moment.inForce <= limit &&
          meddledUntilMs === Number.POSITIVE_INFINITY
        ) {
          meddledUntilMs = moment.atMs + LONGEST_TASK_MS;
        }
        break;
    }
    if (moment.atMs < meddledUntilMs) continue;
    if (running > limit) {
      const at = ((moment.atMs - history.beganAtMs) / 1000).toFixed(1);
      const what = moment.kind === 'start' ? `with ${moment.taskId}` : `after a ${moment.kind}`;
      return [
        `${pipelineId}: ${running} tasks run at once ${at} s into the story, ${what}; the limit is ${limit}`,
      ];
    }
  }
  return [];
}

function isSettled({ phase, lease }: StatusRecord): boolean {
  return (phase === 'Active' || phase === 'Paused') && lease === undefined;
}

function limitAfter(limit: number, record: StatusRecord): number {
  const applied = record.applied?.wanted.concurrency ?? 0;
  if (isSettled(record)) return applied;
  return Math.max(limit, applied, record.run?.target?.wanted.concurrency ?? 0);
}

function momentsOf({ world, writes, done }: History, pipelineId: string): Moment[] {
  const moments: Moment[] = [];
  for (const run of world.book.runs) {
    if (run.pipelineId !== pipelineId) continue;
    moments.push({ atMs: run.startedAtMs, order: 3, kind: 'start', taskId: run.taskId });
    moments.push({ atMs: run.endedAtMs, order: 0, kind: 'end' });
  }
  for (const { atMs, record, inForce } of writes) {
    if (record.pipelineId === pipelineId) moments.push({ atMs, order: 1, kind: 'status', record, inForce });
  }
  for (const { atMs, deed, pipelineId: on } of done) {
    const loosens =
      deed.kind === 'foreign' || (deed.kind === 'meddle' && MEDDLINGS_WITH_LIMITS.has(deed.how));
    if (on === pipelineId && loosens) {
      moments.push({ atMs, order: 2, kind: 'meddled' });
    }
  }
  return moments.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
}
