import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Attempt,
  endAttempt,
  freeLease,
  heldByAnother,
  markPending,
  renewLease,
  stillRunning,
  withAttempt,
} from '../../../../core/lifecycle/lease.ts';
import { newStatus, type StatusRecord } from '../../../../core/status-record.ts';

const LEASE_MS = 300;
const STEP_MS = 60;

/**
 * A model of what uses the lease: executions whose attempts read, decide and write by compare-and-set, with
 * anything in between. An attempt may crash at any point, answer late, or be repeated while it still runs.
 */
class Model {
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

class Execution {
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

type Move =
  | { readonly kind: 'edit' }
  | { readonly kind: 'invoke' | 'repeat' | 'crash' | 'move'; readonly at: number }
  | { readonly kind: 'wait'; readonly ms: number };

const at = fc.nat(30);
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<Move>({ kind: 'edit' }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('invoke' as const), at }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const), at }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), at }) },
    { weight: 10, arbitrary: fc.record({ kind: fc.constant('move' as const), at }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(STEP_MS + 10) }) },
  ),
  { minLength: 40, maxLength: 300, size: 'max' },
);

function step(model: Model, move: Move): void {
  const { executions } = model;
  const open = executions.filter(({ state }) => state !== 'done');
  const pick = <T>(list: readonly T[], index: number): T | undefined =>
    list[index % Math.max(1, list.length)];
  switch (move.kind) {
    case 'edit':
      model.record += 1;
      executions.push(new Execution(model, `run-${model.record}`));
      return;
    case 'invoke':
      pick(open, move.at)?.invoke(false);
      return;
    case 'repeat':
      pick(open, move.at)?.invoke(true);
      return;
    case 'crash': {
      const attempt = pick(open, move.at)?.listensTo;
      if (attempt) attempt.stage = 'over';
      return;
    }
    case 'move':
      pick(
        executions.flatMap(({ attempts }) => attempts).filter(({ stage }) => stage !== 'over'),
        move.at,
      )?.move();
      return;
    case 'wait':
      model.nowMs += move.ms;
      return;
  }
}

/** Nothing goes wrong any more: every execution is carried to its end. */
function finish(model: Model): void {
  for (let round = 0; round < 2_000; round += 1) {
    const open = model.executions.filter(({ state }) => state !== 'done');
    if (open.length === 0) {
      const { lease } = model.status;
      if (lease === undefined) return;
      // A straggling attempt took the lease for an execution that was over: the reconciler finds such a writer.
      model.nowMs = Math.max(model.nowMs, lease.untilMs + 1);
      model.executions.push(new Execution(model, `reconciler-${round}`));
      continue;
    }
    for (const execution of open) {
      // A machine repeats an attempt that does not answer, once its function must be over.
      const silent =
        execution.listensTo &&
        (execution.listensTo.stage === 'over' || execution.listensTo.busyUntilMs <= model.nowMs);
      execution.invoke(silent === true);
      for (let n = 0; n < 8; n += 1) execution.listensTo?.move();
    }
    model.nowMs += 10;
  }
  throw new Error('an execution never ends');
}

describe('the lease', () => {
  it('never lets two attempts act at once, whatever executions, repetitions and crashes interleave', () => {
    let acted = 0;
    fc.assert(
      fc.property(moves, (sequence) => {
        const model = new Model();
        for (const move of sequence) {
          step(model, move);
          const acting = model.acting();
          acted += acting.length;
          if (acting.length > 1)
            throw new Error(acting.map((one) => `${one.execution.name} ${one.kind}`).join());
        }
      }),
      { numRuns: 1_000 },
    );
    expect(acted).toBeGreaterThan(1_000);
  });

  it('loses no edit: once every execution is over, the last one has been applied and the lease is free', () => {
    fc.assert(
      fc.property(moves, (sequence) => {
        const model = new Model();
        for (const move of sequence) step(model, move);
        finish(model);
        expect(model.applied).toBe(model.record);
        expect(model.status.lease).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  const attempt: Attempt = {
    owner: 'me',
    step: 'UpdateCode',
    fence: 4,
    nowMs: 1_000,
    busyUntilMs: 1_060,
    leaseMs: 300,
  };
  const LEASE = { owner: 'me', untilMs: 1_200, busyUntilMs: 1_050, pending: true };
  const held: StatusRecord = {
    ...newStatus('a', 'then'),
    fence: 4,
    lease: LEASE,
    run: { kind: 'update', step: 'PrepareQueues', startedAtMs: 900, verify: false },
  };

  it('gives an attempt the next fence, the whole lease anew, and keeps the word that was left', () => {
    expect(renewLease(held, attempt)).toEqual({
      kind: 'renewed',
      next: {
        ...held,
        fence: 5,
        lease: { owner: 'me', untilMs: 1_300, busyUntilMs: 1_060, pending: true },
        run: { ...held.run, step: 'UpdateCode' },
      },
    });
  });

  it.each([
    { why: 'nobody holds it', status: newStatus('a', 'then'), kind: 'lost' },
    { why: 'there is no record', status: undefined, kind: 'lost' },
    { why: 'somebody else holds it', status: { ...held, lease: { ...LEASE, owner: 'you' } }, kind: 'lost' },
    { why: 'an earlier attempt may still run', status: { ...held, fence: 5 }, kind: 'busy' },
    {
      why: 'an earlier attempt must be over',
      status: { ...held, fence: 5, lease: { ...LEASE, busyUntilMs: 1_000 } },
      kind: 'renewed',
    },
    {
      why: 'its own lease ran out and nobody took it',
      status: { ...held, lease: { ...LEASE, untilMs: 10 } },
      kind: 'renewed',
    },
  ])('answers $kind where $why', ({ status, kind }) => {
    expect(renewLease(status, attempt).kind).toBe(kind);
  });

  it('lets only the attempt that took the last fence say that it is over', () => {
    expect(endAttempt(held, 'me', 4)?.lease?.busyUntilMs).toBe(0);
    expect(endAttempt(held, 'me', 3)).toBeUndefined();
    expect(endAttempt(held, 'you', 4)).toBeUndefined();
  });

  it('goes on naming the step that failed while the failure is recorded', () => {
    const renewal = renewLease(held, { ...attempt, step: 'RecordFailure' });
    expect(renewal.kind === 'renewed' && renewal.next.run?.step).toBe('PrepareQueues');
  });
});
