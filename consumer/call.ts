import type { Context } from 'aws-lambda';
import type { Effects } from './effects.ts';
import { abortMarginMs, type TimeLeft } from './time-left.ts';

/** What Lambda says of a call, as far as the runtime looks at it. */
export type Invocation = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

/** What the tasks of one call share. */
export interface Call {
  readonly requestId: string;
  /** All of its time, milliseconds. */
  readonly callMs: number;
  /** When Lambda ends it, epoch milliseconds. */
  readonly deadlineMs: number;
  /** How long before its deadline signals abort. */
  readonly marginMs: number;
}

/** When a task must stop, epoch milliseconds. */
export function tasksEndMs({ deadlineMs, marginMs }: Call): number {
  return deadlineMs - marginMs;
}

/** When everything else must be over, epoch milliseconds: half of the margin is for that, the other half for the answer. */
export function callEndsMs({ deadlineMs, marginMs }: Call): number {
  return deadlineMs - marginMs / 2;
}

/** When what a task has claimed is void: Lambda must have ended the call, by anybody's clock. */
export function claimEndsMs({ deadlineMs }: Call): number {
  return deadlineMs + CLOCK_SKEW_MS;
}

const CLOCK_SKEW_MS = 1_000;

/** @param slowestMs the slowest task of late; undefined if there was none yet */
export function timeLeft(
  { deadlineMs, marginMs, callMs }: Call,
  nowMs: number,
  slowestMs: number | undefined,
): TimeLeft {
  return { remainingMs: deadlineMs - nowMs, marginMs, callMs, slowestMs };
}

export function beginCall(invocation: Invocation, nowMs: number): Call {
  const callMs = invocation.getRemainingTimeInMillis();
  return {
    requestId: invocation.awsRequestId,
    callMs,
    deadlineMs: nowMs + callMs,
    marginMs: abortMarginMs(callMs),
  };
}

/** Runs with a signal that aborts at this moment, epoch milliseconds, shortly before the call's deadline. */
export async function withSignal<T>(
  untilMs: number,
  effects: Effects,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const leftMs = Math.max(0, untilMs - effects.nowMs());
  const cancel = effects.after(leftMs, () => controller.abort(new Error('the call’s time is nearly over')));
  try {
    return await run(controller.signal);
  } finally {
    cancel();
  }
}

/** For what waits for something that may not heed its signal. */
export function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
