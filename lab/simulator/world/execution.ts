import { EXECUTION_HISTORY_EVENTS, EXECUTION_PAYLOAD_BYTES } from '../../../core/aws-limits.ts';
import { fillTemplate, readPath, writePath } from './json-path.ts';
import type { InvocationResult } from './lambda-host.ts';
import type { Laws } from './laws.ts';
import type { Catcher, MachineDefinition, Retrier, Rule, State } from './machine-definition.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';

export interface ExecutionPorts extends Laws {
  readonly definition: MachineDefinition;
  /** Runs a Task. */
  invoke(execution: Execution, payload: unknown, told: (result: InvocationResult) => void): void;
  onState(execution: Execution, state: string): void;
  onEnd(execution: Execution): void;
}

/** How many events of the history one visit of a state takes. */
const EVENTS_OF = { Task: 5, Choice: 2, Wait: 2, Pass: 2, Succeed: 2, Fail: 1 } as const;

/** What a Wait takes for a time. */
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** One execution of a Standard workflow, interpreted in virtual time. */
export class Execution {
  readonly name: string;
  readonly input: unknown;
  readonly startedAtMs: number;
  status: ExecutionStatus = 'RUNNING';
  error: string | undefined;
  state = '';
  events = 1;
  readonly #ports: ExecutionPorts;
  readonly #context: unknown;

  constructor(name: string, input: unknown, ports: ExecutionPorts) {
    this.name = name;
    this.input = input;
    this.startedAtMs = ports.clock.nowMs();
    this.#ports = ports;
    this.#context = { Execution: { Name: name, Input: input } };
    const { TimeoutSeconds } = ports.definition;
    if (TimeoutSeconds !== undefined) ports.clock.after(TimeoutSeconds * 1000, () => this.#end('TIMED_OUT'));
    this.#enter(ports.definition.StartAt, input);
  }

  /** Somebody stops it, in the middle of whatever it does; a function that runs goes on running. */
  abort(): void {
    this.#end('ABORTED');
  }

  #enter(name: string, input: unknown): void {
    const { clock, chance, nature, definition } = this.#ports;
    clock.after(chance.between(...nature.transitionMs), () => {
      if (this.status !== 'RUNNING') return;
      const state = definition.States[name];
      if (state === undefined) return this.#end('FAILED', `States.Runtime: no state ${name}`);
      this.state = name;
      this.events += EVENTS_OF[state.Type];
      // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
      if (this.events > EXECUTION_HISTORY_EVENTS)
        return this.#end('FAILED', 'States.Runtime: history is full');
      this.#ports.onState(this, name);
      this.#run(name, state, input);
    });
  }

  #run(name: string, state: State, input: unknown): void {
    switch (state.Type) {
      case 'Task':
        this.#task(name, state, input, new Map());
        return;
      case 'Choice':
        this.#choose(name, state, input);
        return;
      case 'Wait':
        this.#wait(name, state, input);
        return;
      case 'Pass':
        this.#leave(state, this.#result(state, input, state.Result ?? input));
        return;
      case 'Succeed':
        this.#end('SUCCEEDED');
        return;
      case 'Fail':
        this.#end('FAILED', state.Error);
        return;
    }
  }

  #task(name: string, state: State, input: unknown, retried: Map<Retrier, number>): void {
    const { clock } = this.#ports;
    let over = false;
    const finish = (result: InvocationResult) => {
      if (over || this.status !== 'RUNNING') return;
      over = true;
      timeout.cancelled = true;
      if (result.kind === 'failed') return this.#fail(name, state, input, result, retried);
      const value = JSON.stringify(result.value) ?? 'null';
      if (value.length > EXECUTION_PAYLOAD_BYTES) {
        return this.#fail(name, state, input, { error: 'States.DataLimitExceeded', cause: '' }, retried);
      }
      this.#leave(state, this.#result(state, input, JSON.parse(value)));
    };
    const timeout = clock.after((state.TimeoutSeconds ?? 99_999_999) * 1000, () =>
      finish({ kind: 'failed', error: 'States.Timeout', cause: '' }),
    );
    const payload =
      state.Parameters === undefined ? input : fillTemplate(state.Parameters, input, this.#context);
    this.#ports.invoke(this, payload, finish);
  }

  #fail(
    name: string,
    state: State,
    input: unknown,
    failure: { readonly error: string; readonly cause: string },
    retried: Map<Retrier, number>,
  ): void {
    const { clock, chance } = this.#ports;
    const retrier = (state.Retry ?? []).find((one) => matches(one.ErrorEquals, failure.error));
    const tries = retrier === undefined ? 0 : (retried.get(retrier) ?? 0);
    if (retrier !== undefined && tries < (retrier.MaxAttempts ?? 3)) {
      retried.set(retrier, tries + 1);
      const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** tries;
      const capped = Math.min(grown, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
      const seconds = retrier.JitterStrategy === 'FULL' ? chance.between(0, capped) : capped;
      this.events += 3;
      clock.after(seconds * 1000, () => {
        if (this.status === 'RUNNING') this.#task(name, state, input, retried);
      });
      return;
    }
    const catcher = (state.Catch ?? []).find((one: Catcher) => matches(one.ErrorEquals, failure.error));
    if (catcher === undefined) {
      this.#end('FAILED', failure.error);
      return;
    }
    const caught = { Error: failure.error, Cause: failure.cause };
    this.#enter(catcher.Next, writePath(catcher.ResultPath ?? '$', input, caught));
  }

  #choose(name: string, state: State, input: unknown): void {
    const rule = (state.Choices ?? []).find((one) => holds(one, input, this.#context));
    const next = rule?.Next ?? state.Default;
    if (next === undefined) {
      this.#end('FAILED', `States.NoChoiceMatched in ${name}`);
      return;
    }
    this.#enter(next, input);
  }

  #wait(name: string, state: State, input: unknown): void {
    const { SecondsPath, TimestampPath } = state;
    if (TimestampPath !== undefined) {
      this.#waitUntil(name, state, input, readPath(TimestampPath, input, this.#context));
      return;
    }
    const seconds = SecondsPath === undefined ? state.Seconds : readPath(SecondsPath, input, this.#context);
    if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 0 || seconds > 99_999_999) {
      this.#end('FAILED', `States.Runtime: ${name} cannot wait ${String(seconds)} seconds`);
      return;
    }
    this.#ports.clock.after(seconds * 1000, () => {
      if (this.status === 'RUNNING') this.#leave(state, input);
    });
  }

  #result(state: State, input: unknown, result: unknown): unknown {
    if (state.ResultPath === null) return input;
    return state.ResultPath === undefined ? result : writePath(state.ResultPath, input, result);
  }

  #waitUntil(name: string, state: State, input: unknown, timestamp: unknown): void {
    const untilMs =
      typeof timestamp === 'string' && ISO_8601.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
    if (Number.isNaN(untilMs)) {
      this.#end('FAILED', `States.Runtime: ${name} cannot wait until ${String(timestamp)}`);
      return;
    }
    const { clock } = this.#ports;
    clock.after(Math.max(0, untilMs - clock.nowMs()), () => {
      if (this.status === 'RUNNING') this.#leave(state, input);
    });
  }

  #leave(state: State, output: unknown): void {
    if (state.Next === undefined) {
      this.#end('SUCCEEDED');
      return;
    }
    this.#enter(state.Next, output);
  }

  #end(status: ExecutionStatus, error?: string): void {
    if (this.status !== 'RUNNING') return;
    this.status = status;
    this.error = error;
    this.#ports.onEnd(this);
  }
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
function matches(names: readonly string[], error: string): boolean {
  if (names.includes(error)) return true;
  if (error === 'States.DataLimitExceeded' || error === 'States.Runtime') return false;
  return names.includes('States.ALL') || (names.includes('States.TaskFailed') && error !== 'States.Timeout');
}

function holds(rule: Rule, input: unknown, context: unknown): boolean {
  if (rule.And) return rule.And.every((one) => holds(one, input, context));
  if (rule.Or) return rule.Or.some((one) => holds(one, input, context));
  if (rule.Not) return !holds(rule.Not, input, context);
  const value = readPath(rule.Variable ?? '$', input, context);
  if (rule.IsPresent !== undefined) return (value !== undefined) === rule.IsPresent;
  if (rule.StringEquals !== undefined) return value === rule.StringEquals;
  if (rule.BooleanEquals !== undefined) return value === rule.BooleanEquals;
  if (rule.NumericEquals !== undefined) return value === rule.NumericEquals;
  if (rule.NumericGreaterThan !== undefined)
    return typeof value === 'number' && value > rule.NumericGreaterThan;
  throw new Error(`this rule is not understood: ${JSON.stringify(rule)}`);
}
