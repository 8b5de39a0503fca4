import type { Context } from 'aws-lambda';
import type { Effects } from './effects.ts';
import { abortMarginMs } from './time-left.ts';

/** What Lambda says of a call, as far as the runtime looks at it. */
export type Invocation = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

/** What the tasks of one call share. */
export interface Call {
  readonly requestId: string;
  /** When Lambda ends it, epoch milliseconds. */
  readonly deadlineMs: number;
  /** How long before its deadline signals abort. */
  readonly marginMs: number;
}

export function beginCall(invocation: Invocation, nowMs: number): Call {
  const callMs = invocation.getRemainingTimeInMillis();
  return {
    requestId: invocation.awsRequestId,
    deadlineMs: nowMs + callMs,
    marginMs: abortMarginMs(callMs),
  };
}

/** Runs with a signal that aborts shortly before the call's deadline. */
export async function withSignal(
  call: Call,
  effects: Effects,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const leftMs = Math.max(0, call.deadlineMs - call.marginMs - effects.nowMs());
  const cancel = effects.after(leftMs, () => controller.abort(new Error('the call’s time is nearly over')));
  try {
    await run(controller.signal);
  } finally {
    cancel();
  }
}
