import type { RunKind } from '../status-record.ts';

/** What somebody can do about it: a field of the record to change, or something to do. */
export interface Remedy {
  /** Of the config record, where one decides it. */
  readonly field?: string;
  /** For people, in the imperative. */
  readonly action: string;
}

/** Tasks of a pipeline, as far as its queue says. */
export interface Load {
  /** Could run now. */
  readonly waiting: number;
  /** Received and not over. */
  readonly running: number;
  /** Held back by their own delay. */
  readonly delayed: number;
}

/** Tasks that come later: delayed ones, and those of bursts that are not handed to the queue yet. */
export interface Later {
  readonly tasks: number;
  /** When the last of them is due, as far as that is known. */
  readonly lastDueMs?: number;
  /** So many of them come only once somebody resumes their burst. */
  readonly paused?: number;
}

/** What is under way of a pipeline's work, and for how long. */
export interface UnderWay {
  readonly load: Load;
  /** For what has come; what comes later is not in it. */
  readonly etaSeconds: number;
  /** Nobody has measured its tasks: they are taken to last so long. */
  readonly assumedSeconds?: number;
  readonly later?: Later;
}

/** What a run is doing that is under way. */
interface AtWork {
  readonly step?: string;
  /** It has not been heard of for longer than its lease: another one takes over. */
  readonly hasDied?: true;
}

/**
 * Why a group waits, or that it does not: one answer, the first that holds in the order of `VERDICT_NAMES`. Times are epoch
 * milliseconds. Plain JSON.
 */
export type Verdict =
  /** Nobody has asked for it. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'deleted'; readonly salvaged?: number }
  /** Its record is bad; `goesOn`: the pipeline works as it was before. */
  | {
      readonly kind: 'rejected';
      readonly code?: string;
      readonly field?: string;
      readonly message: string;
      /** Time may mend it: it is looked at again. */
      readonly retryAtMs?: number;
      readonly goesOn: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly code?: string;
      readonly step?: string;
      readonly message: string;
      readonly retryAtMs?: number;
      readonly goesOn: boolean;
    }
  /** Its record is gone, and its tasks still run; what is left at `limitMs` is salvaged. */
  | { readonly kind: 'draining'; readonly left: number; readonly limitMs?: number }
  /** Its record is gone, and no task of it starts any more. */
  | { readonly kind: 'takenDown'; readonly left: number; readonly fate: 'salvaged' | 'discarded' }
  | ({ readonly kind: 'creating' } & AtWork)
  /** Its record says something else than what goes, and no run has begun to bring it about. */
  | { readonly kind: 'asked'; readonly wish: 'pause' | 'resume' | 'teardown'; readonly waiting: number }
  | { readonly kind: 'paused'; readonly waiting: number }
  | { readonly kind: 'forcedOpen'; readonly waiting: number }
  | { readonly kind: 'breakerOpen'; readonly sinceMs: number; readonly nextProbeMs: number }
  | { readonly kind: 'held'; readonly untilMs: number; readonly isGuess: boolean }
  | { readonly kind: 'breakerProbing'; readonly sinceMs: number; readonly probes: number }
  /** A run changes it, and meanwhile no task runs. */
  | ({ readonly kind: 'changing'; readonly run?: RunKind; readonly waiting: number } & AtWork)
  /** Its mapping is off and should be on. */
  | { readonly kind: 'switchedOff'; readonly waiting: number }
  /** It rests, and has tasks. */
  | { readonly kind: 'waking'; readonly waiting: number }
  /** Somebody has purged its queue, and SQS has not finished. */
  | { readonly kind: 'purging'; readonly sinceMs: number; readonly left: number }
  /** Calls have failed before any task began, for want of what these variables refer to. */
  | { readonly kind: 'unready'; readonly atMs: number; readonly variables: readonly string[] }
  /** The account runs as much as it may; `by`: the pipelines together may run so much more than that. */
  | { readonly kind: 'accountFull'; readonly limit: number; readonly by?: number }
  | { readonly kind: 'deadLettering'; readonly perMinute: number; readonly letters: number }
  /** Tasks wait and none runs. */
  | { readonly kind: 'stuck'; readonly waiting: number; readonly sinceSeconds: number }
  | ({ readonly kind: 'atRate'; readonly perSecond: number } & UnderWay)
  | ({ readonly kind: 'atConcurrency'; readonly concurrency: number } & UnderWay)
  | ({ readonly kind: 'working' } & UnderWay)
  /** Nothing waits now; the rest of a burst comes later. */
  | ({ readonly kind: 'releasing' } & { readonly later: Later })
  /** `letters`: tasks that died before, where there are any. */
  | { readonly kind: 'idle'; readonly isResting: boolean; readonly letters?: number };
