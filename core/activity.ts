import type { Held } from './lifecycle/hold-rest.ts';
import { acceptsTasks, type StatusRecord } from './status-record.ts';

/** Activity is noted this coarsely: a pipeline rests after 300 s at the earliest. */
const NOTED_FOR_MS = 10_000;

/** Whether it has to be noted that tasks come, so that the pipeline does not take itself for idle. */
export function mustNoteActivity(status: StatusRecord, nowMs: number): boolean {
  const restsIdle = status.resting === true && status.hold === undefined;
  const mayRest = restsIdle || status.applied?.wanted.restWhenIdleSeconds !== undefined;
  if (!mayRest || !acceptsTasks(status)) return false;
  return status.lastActivityAtMs === undefined || nowMs - status.lastActivityAtMs > NOTED_FOR_MS;
}

/**
 * Whether the consumer rests, or a run is about to put it to rest, and has to be woken. No task wakes a group that
 * waits: it is woken when its hold is over, and here only if that has been missed.
 */
export function needsWaking(status: StatusRecord, nowMs: number): boolean {
  if (!acceptsTasks(status)) return false;
  const run = status.lease !== undefined && status.lease.untilMs > nowMs ? status.run : undefined;
  if (run?.target !== undefined)
    return !run.target.enabled && !run.target.wanted.paused && !isOn(run.held, nowMs);
  return status.resting === true && !isOn(status.hold, nowMs);
}

function isOn(held: Held | undefined, nowMs: number): boolean {
  return held !== undefined && (held.untilMs === undefined || held.untilMs > nowMs);
}
