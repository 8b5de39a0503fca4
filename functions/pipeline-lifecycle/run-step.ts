import { paceReads } from '../../aws/function-reads.ts';
import type { Ports } from '../../aws/ports.ts';
import { type Attempt, endAttempt, renewLease } from '../../core/lifecycle/lease.ts';
import { NotYet, type StepResult } from '../../core/lifecycle/outcome.ts';
import { type LifecycleState, stateSchema } from '../../core/lifecycle/state.ts';
import type { StepCall } from '../../core/machine-step.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { isTeardown, type Run, type StatusRecord } from '../../core/status-record.ts';
import { claim } from './steps/Claim.ts';
import { STEPS, type StepName } from './steps/index.ts';
import { recordUnclaimedFailure } from './steps/RecordFailure.ts';
import { createTurn, guardPorts } from './turn.ts';

/** A step waits so long for its turn to read a function; if that is further ahead the machine waits. */
const READ_PACE = { horizonMs: 5_000, chunk: 1 };

/**
 * Runs one attempt of one step: takes the turn under the lease, acts, and says what comes next.
 * @param deadlineMs when this function must be over, epoch milliseconds
 * @throws only surprises; the state machine retries those, and in the end records the failure
 */
export async function runStep(
  input: StepCall,
  ports: Ports,
  settings: StageSettings,
  deadlineMs: number,
): Promise<LifecycleState> {
  const state = stateSchema.parse(input.state);
  const attempt = (): Attempt => ({
    owner: input.owner,
    step: input.step,
    fence: state.fence,
    nowMs: ports.clock.nowMs(),
    busyUntilMs: deadlineMs,
    leaseMs: settings.timings.leaseSeconds * 1000,
  });
  const guarded = paceReads(guardPorts(ports, deadlineMs, settings.timings.callSeconds * 1000), READ_PACE);
  if (input.step === 'Claim') return claim(state, attempt, guarded, settings);
  if (!isStep(input.step)) throw new Error(`there is no step ${input.step}`);

  const started = await startAttempt(state.pipelineId, attempt, guarded);
  if (started.kind === 'lost') {
    if (input.step === 'RecordFailure') await recordUnclaimedFailure(state, guarded, settings);
    return { ...state, outcome: 'over' };
  }
  if (started.kind === 'busy') return comeBack(state, started.untilMs - ports.clock.nowMs());

  const { status, run } = started;
  const current: LifecycleState = { ...state, fence: status.fence };
  if (waitsForBudget(current, input.step) && status.lease?.pending) {
    // Nothing is under way but the wait itself: the record's newer wish need not wait for it too.
    return afterStep(current, { kind: 'restart' }, settings);
  }
  try {
    const result = await STEPS[input.step](createTurn(status, run, current, guarded, settings));
    return afterStep(current, result, settings);
  } catch (error) {
    if (error instanceof NotYet) {
      const { afterSeconds, wait, memo } = error;
      // A ticket serves one call: only who is sent away for want of budget brings one back.
      const { ticketMs: _spent, ...before } = current.wait;
      return afterStep(
        current,
        { kind: 'again', afterSeconds, wait: { ...before, ...wait }, memo },
        settings,
      );
    }
    ports.log.warn('step failed', { pipelineId: state.pipelineId, step: input.step, error: String(error) });
    await sayOver(status, input.owner, ports);
    throw error;
  }
}

/** Whether a step was sent away for want of budget, with nothing sent whose effect it waits for. */
function waitsForBudget({ wait, memo }: LifecycleState, step: string): boolean {
  return wait.ticketMs !== undefined && !wait.sent && !memo.atRest && step !== 'RecordFailure';
}

function isStep(name: string): name is StepName {
  return Object.hasOwn(STEPS, name);
}

type Started =
  | { readonly kind: 'started'; readonly status: StatusRecord; readonly run: Run }
  | { readonly kind: 'lost' }
  | { readonly kind: 'busy'; readonly untilMs: number };

/** Takes the turn: the next fence number, written before anything else is done. */
async function startAttempt(pipelineId: string, attempt: () => Attempt, ports: Ports): Promise<Started> {
  for (;;) {
    const now = attempt();
    const status = await ports.statuses.read(pipelineId);
    const renewal = renewLease(status, now);
    if (renewal.kind !== 'renewed') return renewal;
    const next = phased(renewal.next, now.step, now.nowMs, ports.salvage.uri(pipelineId));
    if (next.run === undefined) return { kind: 'lost' };
    if ((await ports.statuses.write(next)) === 'written') {
      return { kind: 'started', status: { ...next, revision: next.revision + 1 }, run: next.run };
    }
  }
}

/** Steps of a teardown after which no task runs any more. */
const AFTER_PROCESSING = new Set([
  'StopMapping',
  'Salvage',
  'DeleteMapping',
  'DeleteFunction',
  'DeleteQueues',
]);

/** Keeps the phase in step with where a teardown stands, and says where salvage is before there is any. */
function phased(status: StatusRecord, step: string, nowMs: number, salvageUri: string): StatusRecord {
  const teardown = status.run !== undefined && isTeardown(status.run.kind);
  if (!teardown || !AFTER_PROCESSING.has(step)) return status;
  const sinceMs = status.closing?.sinceMs ?? nowMs;
  const salvage = status.salvage ?? (step === 'Salvage' ? { uri: salvageUri, count: 0 } : undefined);
  return {
    ...status,
    phase: 'Deleting',
    closing: { ...status.closing, sinceMs, processingOver: true },
    ...(salvage === undefined ? {} : { salvage }),
  };
}

/** What the machine sees after a step. */
function afterStep(state: LifecycleState, result: StepResult, settings: StageSettings): LifecycleState {
  const { failure: _failure, error: _error, ...rest } = state;
  switch (result.kind) {
    case 'done':
      return { ...rest, outcome: 'done', afterSeconds: 0, memo: { ...state.memo, ...result.memo }, wait: {} };
    case 'again':
      return {
        ...state,
        outcome: 'again',
        afterSeconds: wholeSeconds(result.afterSeconds, settings),
        memo: { ...state.memo, ...result.memo },
        wait: result.wait ?? {},
      };
    case 'restart':
      return { ...rest, outcome: 'restart', afterSeconds: 0, verify: false, run: '', wait: {} };
    case 'over':
      return { ...rest, outcome: 'over', afterSeconds: 0, wait: {} };
    case 'failed':
      return { ...rest, outcome: 'failed', afterSeconds: 0, wait: {}, failure: result.failure };
  }
}

function wholeSeconds(seconds: number, settings: StageSettings): number {
  return Math.min(settings.timings.longestWaitSeconds, Math.max(1, Math.ceil(seconds)));
}

function comeBack(state: LifecycleState, afterMs: number): LifecycleState {
  return { ...state, outcome: 'again', afterSeconds: Math.max(1, Math.ceil(afterMs / 1000)) };
}

/** Best effort: without it the retry waits until this function must be over. */
async function sayOver(status: StatusRecord, owner: string, ports: Ports): Promise<void> {
  try {
    for (;;) {
      const latest = await ports.statuses.read(status.pipelineId);
      const over = latest && endAttempt(latest, owner, status.fence);
      if (!over || (await ports.statuses.write(over)) === 'written') return;
    }
  } catch (error) {
    ports.log.warn('could not say that the attempt is over', {
      pipelineId: status.pipelineId,
      error: String(error),
    });
  }
}
