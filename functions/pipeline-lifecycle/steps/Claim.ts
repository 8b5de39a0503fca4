import type { Ports } from '../../../aws/ports.ts';
import { fullJitter } from '../../../core/backoff.ts';
import { ceilingOver } from '../../../core/lifecycle/ceiling.ts';
import { type Decision, decide } from '../../../core/lifecycle/decide.ts';
import type { Held } from '../../../core/lifecycle/hold-rest.ts';
import {
  type Attempt,
  heldByAnother,
  markPending,
  stillRunning,
  withAttempt,
} from '../../../core/lifecycle/lease.ts';
import { NotYet } from '../../../core/lifecycle/outcome.ts';
import { forgotten, rejected } from '../../../core/lifecycle/settle.ts';
import type { LifecycleState } from '../../../core/lifecycle/state.ts';
import type { StageSettings } from '../../../core/stage-settings.ts';
import {
  acceptsTasks,
  newStatus,
  type Phase,
  type Run,
  type RunKind,
  type StatusRecord,
} from '../../../core/status-record.ts';
import { readWish } from '../read-wish.ts';

/**
 * Takes the lease and decides what this run does. Reads the status, then the config record, then writes the
 * status only if nobody wrote it in between: so whoever leaves word after the read is seen, and whoever left
 * word before it made the change that was read.
 */
export async function claim(
  state: LifecycleState,
  attempt: () => Attempt,
  ports: Ports,
  settings: StageSettings,
): Promise<LifecycleState> {
  try {
    return await tryClaim(state, attempt, ports, settings);
  } catch (error) {
    if (!(error instanceof NotYet)) throw error;
    return { ...state, outcome: 'again', afterSeconds: Math.max(1, Math.ceil(error.afterSeconds)) };
  }
}

async function tryClaim(
  state: LifecycleState,
  attempt: () => Attempt,
  ports: Ports,
  settings: StageSettings,
): Promise<LifecycleState> {
  const { pipelineId } = state;
  for (;;) {
    const now = attempt();
    const status = await ports.statuses.read(pipelineId);
    if (status !== undefined && heldByAnother(status, now.owner, now.nowMs)) {
      // Always written, also where word was left before: the holder may be about to take that word as heard.
      if ((await ports.statuses.write(markPending(status))) === 'conflict') continue;
      return over(state);
    }
    const running = status && stillRunning(status, now);
    if (running) {
      const afterSeconds = Math.max(1, Math.ceil((running.untilMs - now.nowMs) / 1000));
      return { ...state, outcome: 'again', afterSeconds };
    }

    const wish = await readWish(pipelineId, status, ports, settings);
    const decision = decide(wish, status, state.verify);
    const mine = status?.lease?.owner === now.owner;
    const base = status ?? newStatus(pipelineId, iso(now.nowMs));
    if (decision.kind === 'nothing' && !mine && status?.lease === undefined) {
      // Written all the same: whoever is about to claim it for an older record must read it anew.
      const as = status ?? forgotten(base, now.nowMs);
      if ((await ports.statuses.write(as)) === 'conflict') continue;
      return over(state);
    }
    const next = planned(base, decision, now, ports, settings);
    if ((await ports.statuses.write(next.status)) === 'conflict') continue;
    ports.log.info('claimed', {
      pipelineId,
      decision: decision.kind,
      run: next.run ?? '',
      reason: state.reason,
      ...(decision.kind === 'reject' && rejection(next.status)),
    });
    if (next.run === undefined) return over(state);
    return {
      ...state,
      outcome: 'done',
      afterSeconds: 0,
      run: next.run,
      fence: next.status.fence,
      memo: next.run === 'confirm' ? state.memo : keepAcrossRounds(state),
      wait: {},
    };
  }
}

/** For people who ask what the system did, and why: in the words of the status. */
function rejection(status: StatusRecord) {
  const { code, path, message: said } = status.error ?? {};
  return { goesOn: acceptsTasks(status), code, path, said };
}

/** What a run that begins anew in the same execution still has to keep. */
function keepAcrossRounds({ memo }: LifecycleState): LifecycleState['memo'] {
  const { settleNotBeforeMs, salvaged } = memo;
  return {
    ...(settleNotBeforeMs === undefined ? {} : { settleNotBeforeMs }),
    ...(salvaged === undefined ? {} : { salvaged }),
  };
}

function over(state: LifecycleState): LifecycleState {
  return { ...state, outcome: 'over', afterSeconds: 0 };
}

interface Planned {
  readonly status: StatusRecord;
  /** Absent: nothing is left to do. */
  readonly run?: RunKind;
}

function planned(
  status: StatusRecord,
  decision: Decision,
  attempt: Attempt,
  ports: Ports,
  settings: StageSettings,
): Planned {
  const at = iso(attempt.nowMs);
  switch (decision.kind) {
    case 'reject': {
      const retryAtMs = decision.retry ? nextRetryMs(status, attempt.nowMs, ports, settings) : undefined;
      return { status: rejected(status, decision.problems, at, retryAtMs) };
    }
    case 'forget':
      return { status: forgotten(status, attempt.nowMs) };
    case 'nothing':
      return { status: begun(status, { kind: 'confirm', verify: false }, attempt), run: 'confirm' };
    case 'confirm':
      return {
        status: begun(
          status,
          { kind: 'confirm', verify: false, target: decision.target, ...heldOf(decision) },
          attempt,
        ),
        run: 'confirm',
      };
    case 'teardown': {
      const discard = decision.run === 'discard';
      const closing = status.closing ?? {
        sinceMs: attempt.nowMs,
        ...(discard ? { discard } : {}),
        processingOver: false,
      };
      const { error: _error, ...rest } = status;
      const next = begun({ ...rest, closing, dirty: true }, { kind: decision.run, verify: true }, attempt);
      return {
        status: { ...next, phase: closing.processingOver ? 'Deleting' : 'Draining', updatedAt: at },
        run: decision.run,
      };
    }
    case 'change': {
      const { run, target, verify } = decision;
      const { closing: _closing, expiresAt: _expiresAt, error: _error, ...open } = status;
      const ceiling = ceilingOver(status, target);
      const next = begun(
        { ...open, ceiling, dirty: true, built: true },
        { kind: run, verify, target, ...heldOf(decision) },
        attempt,
      );
      // Until it has been Active once, a pipeline is being created, whichever branch does it.
      const phase = status.applied === undefined ? PHASES.create : PHASES[run];
      return { status: { ...next, phase, updatedAt: at }, run };
    }
  }
}

const PHASES: Readonly<Record<'create' | 'update' | 'codeSync' | 'switch', Phase>> = {
  create: 'Creating',
  update: 'Updating',
  codeSync: 'SyncingCode',
  switch: 'Updating',
};

function heldOf({ held }: { readonly held?: Held }): { readonly held?: Held } {
  return held === undefined ? {} : { held };
}

/** The lease taken, any word that was left taken as heard. */
function begun(
  status: StatusRecord,
  run: Pick<Run, 'kind' | 'verify' | 'target' | 'held'>,
  attempt: Attempt,
): StatusRecord {
  const withRun = { ...status, run: { ...run, step: attempt.step, startedAtMs: attempt.nowMs } };
  return withAttempt(withRun, false, attempt);
}

/** When the reconciler may try again: growing, jittered, capped. */
export function nextRetryMs(
  status: StatusRecord,
  nowMs: number,
  ports: Ports,
  settings: StageSettings,
): number {
  const { retryBaseSeconds, retryCapSeconds } = settings.timings;
  const attempt = status.failures?.count ?? 0;
  const waitMs = fullJitter({
    attempt,
    baseMs: retryBaseSeconds * 1000,
    capMs: retryCapSeconds * 1000,
    random: ports.random,
  });
  return nowMs + waitMs;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
