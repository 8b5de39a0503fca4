import type { Caller } from './caller.ts';
import type { Calls } from './calls.ts';
import type { Laws } from './laws.ts';

/** One run of one of our functions. */
export interface Invocation {
  readonly functionName: string;
  readonly label: string;
  readonly owner: string;
  readonly pipelineId: string;
  readonly timeoutSeconds: number;
  readonly work: (caller: Caller, deadlineMs: number) => Promise<unknown>;
}

/** How an invocation ended, as whoever invoked it is told. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: string; readonly cause: string };

interface HostParts extends Laws {
  readonly calls: Calls;
}

/**
 * Runs our own functions as Lambda does: they start late, crash, run out of time, are refused; and whoever
 * invoked them may be told that they failed while they still run.
 */
export class LambdaHost {
  /** Told of every run when it is over. */
  onEnd: (caller: Caller, end: string) => void = () => {};
  readonly #parts: HostParts;
  #ids = 0;

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  /** @returns a way to stop listening for the result; the run itself goes on */
  invoke(invocation: Invocation, told: (result: InvocationResult) => void): void {
    const { functionName, label, pipelineId } = invocation;
    const fault = this.#parts.calls.faults.ofRun(functionName, label, pipelineId);
    let answered = false;
    const tell = (result: InvocationResult, inMs = 1) => {
      if (answered) return;
      answered = true;
      this.#parts.clock.after(inMs, () => told(result));
    };
    if (fault === 'refused') {
      tell(failed('Lambda.TooManyRequestsException', 'Rate Exceeded.'));
      return;
    }
    const lateMs = fault === 'lateStart' ? this.#parts.chance.between(1_000, 9_000) : 0;
    this.#parts.clock.after(this.#parts.chance.between(...this.#parts.nature.coldStartMs) + lateMs, () => {
      if (fault === 'abandoned') {
        const afterMs = this.#parts.chance.between(1, 500);
        tell(failed('Lambda.SdkClientException', 'connection lost'), afterMs);
      }
      this.#start(invocation, tell, fault === 'abandoned');
    });
  }

  #start(invocation: Invocation, tell: (result: InvocationResult) => void, sluggish: boolean): void {
    const { functionName, label, owner, pipelineId, timeoutSeconds } = invocation;
    const startedAtMs = this.#parts.clock.nowMs();
    const deadlineMs = startedAtMs + timeoutSeconds * 1000;
    this.#ids += 1;
    const end = (what: string, result: InvocationResult) => {
      if (!caller.alive) return;
      caller.alive = false;
      killer.cancelled = true;
      this.onEnd(caller, what);
      tell(result);
    };
    const caller: Caller = {
      id: this.#ids,
      functionName,
      label,
      owner,
      pipelineId,
      startedAtMs,
      alive: true,
      sluggish,
      calls: 0,
      crash: (reason) => end(reason, failed('Runtime.ExitError', reason)),
    };
    const killer = this.#parts.clock.at(deadlineMs, () =>
      end('timed out', failed('Sandbox.Timedout', `Task timed out after ${timeoutSeconds} seconds`)),
    );
    invocation.work(caller, deadlineMs).then(
      (value) => end('returned', { kind: 'returned', value }),
      (error: unknown) => {
        const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
        const cause = JSON.stringify({ errorType: name, errorMessage: message });
        end(`threw ${name}: ${message}`, { kind: 'failed', error: name, cause });
      },
    );
    this.#parts.clock.willSettle();
  }
}

function failed(error: string, message: string): InvocationResult {
  return { kind: 'failed', error, cause: JSON.stringify({ errorType: error, errorMessage: message }) };
}
