import { acceptsTasks, type StatusRecord } from './status-record.ts';

/** Activity is noted this coarsely: a pipeline rests after 300 s at the earliest. */
const NOTED_FOR_MS = 10_000;

/** Whether it has to be noted that tasks come, so that the pipeline does not take itself for idle. */
export function mustNoteActivity(status: StatusRecord, nowMs: number): boolean {
  const mayRest = status.resting === true || status.applied?.wanted.restWhenIdleSeconds !== undefined;
  if (!mayRest || !acceptsTasks(status)) return false;
  return status.lastActivityAtMs === undefined || nowMs - status.lastActivityAtMs > NOTED_FOR_MS;
}

/** Whether the consumer rests, or a run is about to put it to rest, and has to be woken. */
export function needsWaking(status: StatusRecord, nowMs: number): boolean {
  if (!acceptsTasks(status)) return false;
  const running = status.lease !== undefined && status.lease.untilMs > nowMs;
  const target = running ? status.run?.target : undefined;
  if (target !== undefined) return !target.enabled && !target.wanted.paused;
  return status.resting === true;
}
