import type { Ports } from '../../../aws/ports.ts';
import type { StepResult } from '../../../core/lifecycle/outcome.ts';
import { type FailureReport, failedRun } from '../../../core/lifecycle/settle.ts';
import type { LifecycleState } from '../../../core/lifecycle/state.ts';
import type { StageSettings } from '../../../core/stage-settings.ts';
import { newStatus, type StatusRecord } from '../../../core/status-record.ts';
import type { Turn } from '../turn.ts';
import { nextRetryMs } from './Claim.ts';

/** Says in the status which step failed and why, and frees the lease; the reconciler tries again later. */
export async function recordFailure(turn: Turn): Promise<StepResult> {
  const { ports, settings, pipelineId } = turn;
  // Before a branch is chosen it can only be Claim that failed, in a run that began anew.
  const report = reportOf(turn.state, turn.state.run === '' ? 'Claim' : turn.run.step);
  let status: StatusRecord | undefined = turn.status;
  while (status?.fence === turn.status.fence) {
    if (status.lease?.pending) {
      // Taken as heard: should the run fail again before it reads the record, that is recorded and not repeated.
      const heard: StatusRecord = { ...status, lease: { ...status.lease, pending: false } };
      if ((await ports.statuses.write(heard)) === 'written') return { kind: 'restart' };
      status = await ports.statuses.read(pipelineId);
      continue;
    }
    const nowMs = ports.clock.nowMs();
    const retryAtMs = nextRetryMs(status, nowMs, ports, settings);
    if ((await ports.statuses.write(failedRun(status, report, retryAtMs, nowMs))) === 'written') break;
    status = await ports.statuses.read(pipelineId);
  }
  ports.log.warn('run failed', { pipelineId, ...report });
  ports.metrics.count('FailedRuns', 1, { pipelineId, code: report.code });
  return { kind: 'over' };
}

/** The same where the run failed before it held the lease: only if nobody else holds it now. */
export async function recordUnclaimedFailure(
  state: LifecycleState,
  ports: Ports,
  settings: StageSettings,
): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const status =
    (await ports.statuses.read(state.pipelineId)) ??
    newStatus(state.pipelineId, new Date(nowMs).toISOString());
  if (status.lease !== undefined && status.lease.untilMs > nowMs) return;
  const retryAtMs = nextRetryMs(status, nowMs, ports, settings);
  // A conflict means that somebody else has looked since: theirs is the newer word.
  await ports.statuses.write(failedRun(status, reportOf(state, 'Claim'), retryAtMs, nowMs));
}

function reportOf(state: LifecycleState, step: string): FailureReport {
  if (state.failure !== undefined) return { ...state.failure, step };
  const { Error: code = 'Unknown', Cause: cause = '' } = state.error ?? {};
  return { code: errorCode(code, cause), message: causeMessage(cause), step };
}

/** Lambda wraps what a function threw in JSON. */
function causeMessage(cause: string): string {
  try {
    const parsed = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof parsed.errorMessage === 'string' ? parsed.errorMessage : cause;
  } catch {
    return cause === '' ? 'the step failed without saying why; its log has more' : cause;
  }
}

function errorCode(code: string, cause: string): string {
  try {
    const parsed = JSON.parse(cause) as { errorType?: unknown };
    return typeof parsed.errorType === 'string' ? parsed.errorType : code;
  } catch {
    return code;
  }
}
