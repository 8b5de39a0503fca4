import type { Memo, StepFailure, Wait } from './state.ts';

/** What a step answers. Every expected situation is one of these; only surprises throw. */
export type StepResult =
  | { readonly kind: 'done'; readonly memo?: Memo }
  /** Look again later; `wait` is what the next round must know. */
  | { readonly kind: 'again'; readonly afterSeconds: number; readonly wait?: Wait; readonly memo?: Memo }
  /** The record has changed so much that the run begins anew. */
  | { readonly kind: 'restart' }
  /** The lease is free: the run is over. */
  | { readonly kind: 'over' }
  | { readonly kind: 'failed'; readonly failure: StepFailure };

export function done(memo: Memo = {}): StepResult {
  return { kind: 'done', memo };
}

export function again(afterSeconds: number, wait: Wait = {}, memo: Memo = {}): StepResult {
  return { kind: 'again', afterSeconds, wait, memo };
}

export function failed(code: string, message: string): StepResult {
  return { kind: 'failed', failure: { code, message } };
}

/** Thrown inside a step where the only thing to do is to come back later. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
  readonly afterSeconds: number;
  readonly wait: Wait;
  readonly memo: Memo;

  constructor(afterSeconds: number, wait: Wait = {}, memo: Memo = {}) {
    super(`not yet: again in ${afterSeconds} s`);
    this.afterSeconds = afterSeconds;
    this.wait = wait;
    this.memo = memo;
  }
}
