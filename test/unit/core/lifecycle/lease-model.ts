import {
  type Attempt,
  freeLease,
  heldByAnother,
  markPending,
  renewLease,
  stillRunning,
  withAttempt,
} from '../../../../core/lifecycle/lease.ts';
import { newStatus, type StatusRecord } from '../../../../core/status-record.ts';

const LEASE_MS = 300;
/** Longest that one attempt may run. */
export const STEP_MS = 60;

/**
 * A model of what uses the lease: executions whose attempts read, decide and write by compare-and-set, with
 * anything in between. An attempt may crash at any point, answer late, or be repeated while it still runs.
 */
export class Model {
  nowMs = 1_000;
  /** What a person last wrote into the config record. */
  record = 0;
  /** What the last run that settled had read of it. */
  applied = 0;
  status: StatusRecord = newStatus('a', 'then');
  readonly executions: Execution[] = [];

  write(next: StatusRecord): boolean {
    if (next.revision !== this.status.revision) return false;
    this.status = { ...next, revision: next.revision + 1 };
    return true;
  }

  /** Attempts that may change resources at this moment. */
  acting(): AttemptRun[] {
    return this.executions
      .flatMap(({ attempts }) => attempts)
      .filter((one) => one.stage === 'acting' && one.busyUntilMs > this.nowMs);
  }
}

type Stage = 'new' | 'read' | 'recordRead' | 'acting' | 'over';

/** One attempt of Claim, of a step or of Settle: between two of its moves anything else may happen. */
class AttemptRun {
  readonly model: Model;
  readonly execution: Execution;
  readonly kind: 'claim' | 'step' | 'settle';
  readonly fenceIn: number;
  readonly busyUntilMs: number;
  stage: Stage = 'new';
  seen: StatusRecord | undefined;
  recordSeen = 0;
  fence = -1;

  constructor(execution: Execution, kind: AttemptRun['kind']) {
    this.model = execution.model;
    this.execution = execution;
    this.kind = kind;
    this.fenceIn = execution.fence;
    this.busyUntilMs = this.model.nowMs + STEP_MS;
  }

  attempt(): Attempt {
    return {
      owner: this.execution.name,
      step: this.kind,
      fence: this.fenceIn,
      nowMs: this.model.nowMs,
      busyUntilMs: this.busyUntilMs,
      leaseMs: LEASE_MS,
    };
  }

  /** Its next move; a function of Lambda does nothing once its time is over. */
  move(): void {
    if (this.model.nowMs >= this.busyUntilMs) this.stage = 'over';
    switch (this.stage) {
      case 'new':
        this.seen = this.model.status;
        this.stage = 'read';
        return;
      case 'read':
        if (this.kind === 'claim') this.claimRead();
        else this.takeTurn();
        return;
      case 'recordRead':
        this.claimWrite();
        return;
      case 'acting':
        if (this.kind === 'settle') this.settle();
        else this.answer(this.kind === 'claim' ? 'claimed' : 'stepped');
        return;
      case 'over':
        return;
    }
  }

  private claimRead(): void {
    const { seen } = this;
    if (seen && heldByAnother(seen, this.execution.name, this.model.nowMs)) {
      if (this.model.write(markPending(seen))) this.answer('over');
      else this.stage = 'new';
      return;
    }
    if (seen && stillRunning(seen, this.attempt())) {
      this.answer('again');
      return;
    }
    this.recordSeen = this.model.record;
    this.stage = 'recordRead';
  }

  private claimWrite(): void {
    const { seen = this.model.status } = this;
    const run = { kind: 'update' as const, step: 'claim', startedAtMs: this.model.nowMs, verify: false };
    const next = withAttempt({ ...seen, run }, false, this.attempt());
    if (!this.model.write(next)) {
      this.stage = 'new';
      return;
    }
    this.fence = next.fence;
    this.execution.target = this.recordSeen;
    this.answer('claimed');
  }

  private takeTurn(): void {
    const renewal = renewLease(this.seen, this.attempt());
    if (renewal.kind === 'lost') this.answer('over');
    else if (renewal.kind === 'busy') this.answer('again');
    else if (!this.model.write(renewal.next)) this.stage = 'new';
    else {
      this.fence = renewal.next.fence;
      this.stage = 'acting';
    }
  }

  private settle(): void {
    const { status } = this.model;
    if (status.fence === this.fence && status.lease?.pending) {
      this.answer('restart');
      return;
    }
    if (status.fence === this.fence) {
      this.model.write(freeLease(status));
      this.model.applied = this.execution.target;
    }
    this.answer('over');
  }

  /** Hands over to the machine, if that still listens to this attempt. */
  answer(what: 'claimed' | 'stepped' | 'again' | 'restart' | 'over'): void {
    this.stage = 'over';
    if (this.execution.listensTo !== this) return;
    this.execution.hear(what, this.fence < 0 ? this.fenceIn : this.fence);
  }
}

export class Execution {
  readonly model: Model;
  readonly name: string;
  readonly attempts: AttemptRun[] = [];
  listensTo: AttemptRun | undefined;
  state: AttemptRun['kind'] | 'done' = 'claim';
  fence = 0;
  target = 0;

  constructor(model: Model, name: string) {
    this.model = model;
    this.name = name;
  }

  hear(what: string, fence: number): void {
    this.fence = fence;
    this.listensTo = undefined;
    if (what === 'over') this.state = 'done';
    else if (what === 'restart') this.state = 'claim';
    else if (what === 'claimed') this.state = 'step';
    else if (what === 'stepped') this.state = 'settle';
  }

  /** Starts the attempt that is due; `again` starts one more beside one that has not answered. */
  invoke(again: boolean): void {
    if (this.state === 'done' || (this.listensTo !== undefined && !again)) return;
    const attempt = new AttemptRun(this, this.state);
    this.attempts.push(attempt);
    this.listensTo = attempt;
  }
}
