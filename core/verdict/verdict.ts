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

/**
 * Why a group waits, or that it does not: one answer, the first that holds in the order of this list. Times are epoch
 * milliseconds. Plain JSON.
 */
export type Verdict =
  /** Nobody has asked for it. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'deleted'; readonly salvaged?: number }
  /** It is being taken down; what is left at `limitMs` is salvaged. */
  | { readonly kind: 'draining'; readonly left: number; readonly limitMs?: number }
  /** Its record is bad; `goesOn`: the pipeline works as it was before. */
  | {
      readonly kind: 'rejected';
      readonly field?: string;
      readonly message: string;
      readonly goesOn: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly step?: string;
      readonly message: string;
      readonly retryAtMs?: number;
      readonly goesOn: boolean;
    }
  | { readonly kind: 'creating'; readonly step?: string }
  | { readonly kind: 'paused'; readonly waiting: number }
  | { readonly kind: 'forcedOpen'; readonly waiting: number }
  | { readonly kind: 'breakerOpen'; readonly sinceMs: number; readonly nextProbeMs: number }
  | { readonly kind: 'breakerProbing'; readonly sinceMs: number; readonly probes: number }
  | { readonly kind: 'held'; readonly untilMs: number; readonly isGuess: boolean }
  /** Its mapping is off and should be on. */
  | { readonly kind: 'switchedOff'; readonly waiting: number }
  /** The account runs as much as it may; `by`: the pipelines together may run so much more than that. */
  | { readonly kind: 'accountFull'; readonly limit: number; readonly by?: number }
  | { readonly kind: 'deadLettering'; readonly perMinute: number; readonly letters: number }
  /** Tasks wait and none runs. */
  | { readonly kind: 'stuck'; readonly waiting: number; readonly sinceSeconds: number }
  | {
      readonly kind: 'atRate';
      readonly load: Load;
      readonly perSecond: number;
      readonly etaSeconds: number;
    }
  | {
      readonly kind: 'atConcurrency';
      readonly load: Load;
      readonly concurrency: number;
      readonly etaSeconds: number;
    }
  | { readonly kind: 'working'; readonly load: Load; readonly etaSeconds: number }
  /** Nothing waits now; the rest of a burst comes later. */
  | { readonly kind: 'releasing'; readonly later: number; readonly lastDueMs?: number }
  | { readonly kind: 'idle'; readonly isResting: boolean };
