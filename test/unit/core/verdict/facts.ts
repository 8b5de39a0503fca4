import type { Breaker } from '../../../../core/flow/breaker.ts';
import type { RunKind, StatusRecord } from '../../../../core/status-record.ts';
import { target } from '../lifecycle/records.ts';

export const NOW = Date.parse('2026-11-21T15:00:00Z');
export const counts = (visible: number, inFlight = 0, delayed = 0) => ({ visible, inFlight, delayed });
/** As a record describes it. */
export const breaker = { failureShare: 0.5, windowSeconds: 60, minTasks: 10, openSeconds: 30, probes: 3 };
export const later = (seconds: number) => NOW + seconds * 1000;

/** Of a pipeline that is as its record wants it, but for the change. */
export const status = (
  change: Partial<StatusRecord> = {},
  wish: Record<string, unknown> = {},
): StatusRecord => ({
  pipelineId: 'a',
  revision: 3,
  phase: 'Active',
  updatedAt: '2026-11-21T14:00:00Z',
  fence: 2,
  built: true,
  dirty: false,
  applied: target(wish),
  ...change,
});
export const changing = (kind: RunKind) =>
  status({
    phase: 'Updating',
    run: { kind, step: 'UpdateCode', startedAtMs: NOW, verify: false, target: target() },
    lease: { owner: 'x', untilMs: later(60), busyUntilMs: later(60), pending: false },
  });
export const open: Breaker = { state: 'open', sinceMs: later(-60), untilMs: later(90), opened: 1 };
export const account = {
  concurrency: 1_000,
  unreservedConcurrency: 900,
  codeBytesUsed: 0,
  codeBytesAllowed: 1,
};
