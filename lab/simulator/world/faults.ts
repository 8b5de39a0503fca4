import type { Caller } from './caller.ts';

/** What can befall one call. */
export type CallFault =
  /** AWS answers with an error; nothing has happened. */
  | 'error'
  | 'throttle'
  /** It has happened, but the answer never arrives: the caller sees a broken connection. */
  | 'replyLost'
  /** It takes almost as long as a call may. */
  | 'slow'
  /** The caller's process dies before the call, or once the call has had its effect. */
  | 'crashBefore'
  | 'crashAfter'
  /** The answer never comes, and the caller waits until its own time is over. */
  | 'hang';

export const CALL_FAULTS: readonly CallFault[] = [
  'error',
  'throttle',
  'replyLost',
  'slow',
  'crashBefore',
  'crashAfter',
  'hang',
];

/** What can befall one run of one of our functions. */
export type RunFault =
  /** Lambda has no room for it. */
  | 'refused'
  /** It runs, but whoever started it is told that it failed, and tries again beside it. */
  | 'abandoned'
  /** It waits long for its start, after its caller's clock has begun. */
  | 'lateStart';

export const RUN_FAULTS: readonly RunFault[] = ['refused', 'abandoned', 'lateStart'];

/** Decides what goes wrong. Asked once for every call and for every run. */
export interface FaultPlan {
  ofCall(caller: Caller, operation: string): CallFault | undefined;
  ofRun(functionName: string, label: string, pipelineId: string): RunFault | undefined;
}

export const NO_FAULTS: FaultPlan = { ofCall: () => undefined, ofRun: () => undefined };
