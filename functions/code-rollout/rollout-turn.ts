import { requestPermit } from '../../aws/control-plane-budget.ts';
import type { Permit, Ports } from '../../aws/ports.ts';
import type { ReleaseRecord } from '../../core/release/record.ts';
import { type RolloutSettings, withOwn } from '../../core/release/rollout-settings.ts';
import type { RolloutOutcome, RolloutState } from '../../core/release/rollout-state.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { changeRelease } from './change-release.ts';

/** One attempt of one step of a rollout: what it may know and what it may do. */
export interface RolloutTurn {
  readonly state: RolloutState;
  /** The release record as it was read when this attempt began. */
  readonly record: ReleaseRecord;
  readonly ports: Ports;
  readonly settings: StageSettings;
  /** How this release goes out. */
  readonly rollout: RolloutSettings;
  /** No new piece of work is begun after this, epoch milliseconds. */
  readonly untilMs: number;
  /**
   * Writes the record with these changes, and tells of a new state.
   * @throws {ComeBack} if somebody else has written it since: the step begins anew
   */
  change(changes: Partial<ReleaseRecord>): Promise<ReleaseRecord>;
  /** Makes one call in Lambda's control-plane bucket when the budget allows. */
  spend<T>(call: (permit: Permit) => Promise<T>): Promise<T>;
}

/** A step of a rollout. It can be run again at any time. */
export type RolloutStep = (turn: RolloutTurn) => Promise<RolloutState>;

/** Thrown inside a step where the only thing to do is to come back later. */
export class ComeBack extends Error {
  override readonly name = 'ComeBack';
  readonly afterSeconds: number;
  readonly changes: Partial<RolloutState>;

  constructor(afterSeconds: number, changes: Partial<RolloutState> = {}) {
    super(`again in ${afterSeconds} s`);
    this.afterSeconds = afterSeconds;
    this.changes = changes;
  }
}

export function createRolloutTurn(
  state: RolloutState,
  record: ReleaseRecord,
  ports: Ports,
  settings: StageSettings,
  untilMs: number,
): RolloutTurn {
  let { ticketMs } = state;
  let latest = record;
  return {
    state,
    record,
    ports,
    settings,
    rollout: withOwn(settings.rollout, record.settings),
    untilMs,
    async change(changes) {
      const written = await changeRelease(latest, changes, ports);
      if (written === 'conflict') throw new ComeBack(1);
      latest = written;
      return written;
    },
    async spend(call) {
      const answer = await requestPermit(ports, settings.controlPlanePerSecond, 'edit', ticketMs);
      if (answer.kind === 'later') {
        const ticket = answer.ticketMs === undefined ? {} : { ticketMs: answer.ticketMs };
        throw new ComeBack(answer.afterSeconds, ticket);
      }
      ticketMs = undefined;
      return call(answer.permit);
    },
  };
}

/** On to what the machine makes of this outcome. */
export function next(state: RolloutState, outcome: Exclude<RolloutOutcome, 'again'>): RolloutState {
  const { ticketMs: _ticket, missingSinceMs: _missing, trial: _trial, ...rest } = state;
  return { ...rest, outcome, afterSeconds: 0 };
}

/** The same step once more, after a wait of whole seconds. */
export function again(state: RolloutState, afterMs: number): RolloutState {
  return { ...state, outcome: 'again', afterSeconds: Math.max(1, Math.ceil(afterMs / 1000)) };
}
