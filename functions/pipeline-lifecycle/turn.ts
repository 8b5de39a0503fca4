import { requestPermit } from '../../aws/control-plane-budget.ts';
import type { Permit, Ports } from '../../aws/ports.ts';
import type { Lane } from '../../core/lanes.ts';
import { ceilingOver } from '../../core/lifecycle/ceiling.ts';
import { NotYet, type StepResult } from '../../core/lifecycle/outcome.ts';
import type { LifecycleState, Memo, Wait } from '../../core/lifecycle/state.ts';
import type { Target } from '../../core/lifecycle/target.ts';
import { type PipelineNames, pipelineNames } from '../../core/names.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import type { Run, StatusRecord } from '../../core/status-record.ts';

/** One attempt of one step: what it may know and what it may do. */
export interface Turn {
  readonly pipelineId: string;
  readonly names: PipelineNames;
  /** The status record as this attempt wrote it when it took its turn. */
  readonly status: StatusRecord;
  readonly run: Run;
  readonly memo: Memo;
  readonly wait: Wait;
  readonly state: LifecycleState;
  readonly settings: StageSettings;
  /** Guarded: no call starts with less time left than it may take. */
  readonly ports: Ports;
  /** Makes one call in Lambda's control-plane bucket when the budget allows; comes back later if that is far. */
  spend<T>(call: (permit: Permit) => Promise<T>): Promise<T>;
}

/** A step: makes one part of the world what the run's target says, and says when it is. */
export type Step = (turn: Turn) => Promise<StepResult>;

export function createTurn(
  status: StatusRecord,
  run: Run,
  state: LifecycleState,
  ports: Ports,
  settings: StageSettings,
): Turn {
  const { pipelineId, memo, wait } = state;
  const lane = laneOf(run, status.applied);
  let { ticketMs } = wait;
  return {
    pipelineId,
    names: pipelineNames(settings.stage, pipelineId),
    status,
    run,
    memo,
    wait,
    state,
    settings,
    ports,
    async spend(call) {
      const answer = await requestPermit(ports, settings.controlPlanePerSecond, lane, ticketMs);
      if (answer.kind === 'later') {
        throw new NotYet(answer.afterSeconds, {
          ...wait,
          ...(answer.ticketMs === undefined ? {} : { ticketMs: answer.ticketMs }),
        });
      }
      ticketMs = undefined;
      return call(answer.permit);
    },
  };
}

/** The target of a run that has one. */
export function targetOfRun(turn: Turn): Target {
  if (turn.run.target === undefined) throw new Error(`a ${turn.run.kind} run has no target`);
  return turn.run.target;
}

/** When the longest task that may be running now must be over, epoch milliseconds. */
export function longestTaskEndsMs(turn: Turn): number {
  return turn.ports.clock.nowMs() + ceilingOver(turn.status, targetOfRun(turn)).timeoutSeconds * 1000;
}

/**
 * Pauses first, then deletes, then edits, then everything that comes in thousands: loads, releases, repairs, what a
 * deploy changes for every consumer of the stage, and rests of groups that are held all at once. Waking them is an edit.
 */
export function laneOf(run: Run, applied: Target | undefined): Lane {
  switch (run.kind) {
    case 'drain':
    case 'salvage':
    case 'discard':
      return 'delete';
    case 'create':
    case 'codeSync':
      return 'bulk';
    case 'update':
    case 'switch':
    case 'confirm':
      if (run.target?.wanted.paused && applied?.enabled !== false) return 'pause';
      return run.verify || run.held || run.target?.settingsHash !== applied?.settingsHash ? 'bulk' : 'edit';
  }
}

/** The same ports, but no call starts with less time left than it may take: the step comes back instead. */
export function guardPorts(ports: Ports, deadlineMs: number, callMs: number): Ports {
  const guard = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name, receiver) {
        const value = Reflect.get(target, name, receiver);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (ports.clock.nowMs() + callMs > deadlineMs) throw new NotYet(1);
          return value.apply(target, args);
        };
      },
    });
  return {
    ...ports,
    configs: guard(ports.configs),
    statuses: guard(ports.statuses),
    ledgers: guard(ports.ledgers),
    holds: guard(ports.holds),
    flow: guard(ports.flow),
    queues: guard(ports.queues),
    functions: guard(ports.functions),
    mappings: guard(ports.mappings),
    account: guard(ports.account),
    code: guard(ports.code),
    salvage: guard(ports.salvage),
    executions: guard(ports.executions),
    rollouts: guard(ports.rollouts),
    redrives: guard(ports.redrives),
    releases: guard(ports.releases),
    health: guard(ports.health),
    events: guard(ports.events),
  };
}
