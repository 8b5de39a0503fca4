import type {
  AccountLimits,
  ConsumerFunctions,
  FunctionState,
  InvokeAnswer,
  Page,
} from '../../../aws/ports.ts';
import type { CodeRef, FunctionSpec } from '../../../core/lifecycle/target.ts';
import { AccountConcurrency } from './account-concurrency.ts';
import { type SimulatedCodeBucket, sha256Of } from './code-bucket.ts';
import {
  FOREIGN,
  type InService,
  isBusy,
  leaseOf,
  type SimulatedFunction,
  settingsOf,
  shown,
} from './function-state.ts';
import type { Laws } from './laws.ts';
import { pageAfter } from './paging.ts';
import type { Sync } from './sync.ts';

interface FunctionParts extends Laws {
  readonly code: SimulatedCodeBucket;
  /** Of the account, when the world begins. */
  readonly concurrency: number;
}

/** Lambda's control plane for functions, by its rules. */
export class SimulatedFunctions implements Sync<ConsumerFunctions> {
  readonly byName = new Map<string, SimulatedFunction>();
  readonly concurrency: AccountConcurrency;
  /** Told when a function's state, reservation or being changes. */
  onChange: (name: string) => void = () => {};
  /** Told when a function is given code, at its creation or later. */
  onCode: (name: string, code: CodeRef) => void = () => {};
  /** Code storage that the account uses. */
  codeBytesUsed = 1_000_000;
  readonly #parts: FunctionParts;
  readonly #roleReadyAtMs: number;
  /** All names in order, made anew when asked for after a change. */
  #names: string[] | undefined;

  constructor(parts: FunctionParts) {
    this.#parts = parts;
    const { clock, chance, nature, concurrency } = parts;
    this.concurrency = new AccountConcurrency(concurrency);
    this.#roleReadyAtMs = clock.nowMs() + chance.between(...nature.roleReadyMs);
  }

  get roleIsReady(): boolean {
    return this.#parts.clock.nowMs() >= this.#roleReadyAtMs;
  }

  read(name: string): FunctionState | undefined {
    const found = this.byName.get(name);
    return found && shown(found);
  }

  create(spec: FunctionSpec, code: CodeRef) {
    if (this.byName.has(spec.name)) return { kind: 'exists' } as const;
    if (this.#parts.code.head(code.key, code.version) === undefined) return { kind: 'noCode' } as const;
    if (!this.roleIsReady) return { kind: 'notReady' } as const;
    const made: SimulatedFunction = {
      name: spec.name,
      tags: spec.tags,
      settings: settingsOf(spec),
      code,
      inService: this.#inService(code, spec),
      state: 'Pending',
      lastUpdate: 'Successful',
    };
    this.byName.set(spec.name, made);
    this.#names = undefined;
    this.onCode(spec.name, code);
    const fails = this.#parts.chance.happens(this.#parts.nature.functionFails);
    this.#parts.clock.after(this.#parts.chance.between(...this.#parts.nature.functionCreateMs), () => {
      made.state = fails ? 'Failed' : 'Active';
      if (fails) made.reason = 'InternalError';
      this.onChange(made.name);
    });
    return { kind: 'created', codeSha256: sha256Of(code.key, code.version) } as const;
  }

  /** A function of somebody else's, without tags, if the name is free. */
  makeForeign(name: string, code: CodeRef): SimulatedFunction | undefined {
    if (this.byName.has(name)) return undefined;
    const made: SimulatedFunction = {
      name,
      tags: {},
      settings: FOREIGN,
      code,
      inService: this.#inService(code, FOREIGN),
      state: 'Active',
      lastUpdate: 'Successful',
    };
    this.byName.set(name, made);
    this.#names = undefined;
    return made;
  }

  configure(spec: FunctionSpec): 'done' | 'busy' | 'gone' {
    const found = this.byName.get(spec.name);
    if (found === undefined) return 'gone';
    if (isBusy(found)) return 'busy';
    found.settings = settingsOf(spec);
    this.#update(found);
    return 'done';
  }

  updateCode(spec: FunctionSpec, code: CodeRef) {
    const found = this.byName.get(spec.name);
    if (found === undefined) return { kind: 'gone' } as const;
    if (isBusy(found)) return { kind: 'busy' } as const;
    if (this.#parts.code.head(code.key, code.version) === undefined) return { kind: 'noCode' } as const;
    found.code = code;
    this.onCode(spec.name, code);
    this.#update(found);
    return { kind: 'done', codeSha256: sha256Of(code.key, code.version) } as const;
  }

  reserveOne(name: string): 'done' | 'busy' | 'gone' | 'noRoom' {
    const found = this.byName.get(name);
    if (found === undefined) return 'gone';
    if (found.state === 'Pending') return 'busy';
    if (found.reserved === 1) return 'done';
    if (!this.concurrency.reserveOne()) return 'noRoom';
    found.reserved = 1;
    return 'done';
  }

  releaseReservation(name: string): 'done' | 'busy' | 'gone' {
    const found = this.byName.get(name);
    if (found === undefined) return 'gone';
    if (found.state === 'Pending') return 'busy';
    this.#release(found);
    this.onChange(name);
    return 'done';
  }

  delete(name: string): 'deleted' | 'gone' | 'busy' {
    const found = this.byName.get(name);
    if (found === undefined) return 'gone';
    if (found.state === 'Pending') return 'busy';
    this.#release(found);
    this.byName.delete(name);
    this.#names = undefined;
    this.onChange(name);
    return 'deleted';
  }

  /** One call, for a trial: it returns or fails as the code in service does. */
  invoke(name: string): InvokeAnswer {
    const found = this.byName.get(name);
    if (found === undefined) return { kind: 'gone' };
    if (found.state !== 'Active') return { kind: 'busy' };
    const end = this.begin(found);
    if (end === undefined) return { kind: 'busy' };
    end();
    const { key, version } = found.inService.code;
    const { trialFails } = this.#parts.code.behaviourOf(key, version);
    if (trialFails !== undefined) return { kind: 'failed', error: trialFails };
    return { kind: 'returned', payload: { batchItemFailures: [] } };
  }

  page(cursor: string | undefined): Page<string> {
    this.#names ??= [...this.byName.keys()].sort();
    return pageAfter(this.#names, cursor, 50);
  }

  limits(): AccountLimits {
    return {
      concurrency: this.concurrency.total,
      unreservedConcurrency: this.concurrency.unreserved,
      codeBytesUsed: this.codeBytesUsed,
      codeBytesAllowed: 300_000_000_000,
    };
  }

  /**
   * Starts an invocation if there is room.
   * @returns what ends it; undefined if it is throttled
   */
  begin({ name, reserved }: SimulatedFunction): (() => void) | undefined {
    return this.concurrency.begin(name, reserved);
  }

  #inService(code: CodeRef, settings: Pick<FunctionSpec, 'timeoutSeconds' | 'environment'>): InService {
    const { timeoutSeconds } = settings;
    const behaviour = this.#parts.code.behaviourOf(code.key, code.version);
    return { code, timeoutSeconds, behaviour, lease: leaseOf(settings) };
  }

  #update(found: SimulatedFunction): void {
    found.lastUpdate = 'InProgress';
    delete found.reason;
    const fails = this.#parts.chance.happens(this.#parts.nature.functionFails);
    const before = { settings: found.settings, code: found.code };
    this.#parts.clock.after(this.#parts.chance.between(...this.#parts.nature.functionUpdateMs), () => {
      found.lastUpdate = fails ? 'Failed' : 'Successful';
      if (fails) found.reason = 'InternalError';
      else found.inService = this.#inService(before.code, before.settings);
      this.onChange(found.name);
    });
  }

  #release(found: SimulatedFunction): void {
    if (found.reserved !== undefined) this.concurrency.releaseOne();
    delete found.reserved;
  }
}
