import type { CallFault, RunFault } from './world/faults.ts';

/** Fields of a config record as a story sets them; the pipelineId is the story's business. */
export type Fields = Readonly<Record<string, unknown>>;

/** What somebody changes by hand, past Sluice. */
export type Meddling =
  | 'mappingOff'
  | 'mappingConcurrency'
  | 'mappingGone'
  | 'functionTimeout'
  | 'functionCode'
  | 'functionGone'
  | 'reservationGone'
  | 'visibility'
  | 'queueGone'
  | 'deadLetterQueueGone';

export type Deed =
  /** Writes the record, or changes some fields of it. */
  | { readonly kind: 'edit'; readonly fields: Fields }
  /** Sets a field to something that no record may have. */
  | { readonly kind: 'spoil'; readonly field: string; readonly value: unknown }
  | { readonly kind: 'remove' }
  | {
      readonly kind: 'send';
      readonly count: number;
      readonly seconds: number;
      readonly failures: number;
      readonly delaySeconds: number;
    }
  | { readonly kind: 'meddle'; readonly how: Meddling }
  /** Somebody else has made a queue or a function of the pipeline's name. */
  | { readonly kind: 'foreign'; readonly what: 'queue' | 'function' }
  /** Uploads the next version of the consumer code. */
  | { readonly kind: 'upload' }
  /** Stops the execution that is at work on the pipeline: a dead writer. */
  | { readonly kind: 'abort' }
  /** Events of this pipeline make the listener fail from now on. */
  | { readonly kind: 'poison' }
  | { readonly kind: 'reconciler'; readonly on: boolean };

export interface Action {
  readonly afterSeconds: number;
  /** Index of the pipeline. */
  readonly on: number;
  readonly deed: Deed;
}

/** A fault at one call of all steps or of one step, or at one run; counted per pipeline from the story's begin. */
export type PlannedFault =
  | { readonly on: number; readonly step: string; readonly call: number; readonly fault: CallFault }
  | { readonly on: number; readonly call: number; readonly fault: CallFault }
  | { readonly on: number; readonly run: number; readonly fault: RunFault };

/** For a while everything goes wrong now and then, in the listener and the reconciler too. */
export interface Storm {
  readonly fromSeconds: number;
  readonly seconds: number;
  readonly permille: number;
}

export interface Story {
  /** Seed of the world: latencies, durations, AWS's whims. */
  readonly world: number;
  /** What each pipeline's record says when the story begins. */
  readonly first: readonly Fields[];
  readonly accountConcurrency: number;
  /** The budget: calls per second in Lambda's control-plane bucket. */
  readonly perSecond: number;
  /** Nothing goes wrong, nobody meddles, and the reconciler never ticks: the events alone must do. */
  readonly calm: boolean;
  /** Every call takes up to a second: more happens in between. */
  readonly slow: boolean;
  readonly reconcileSlice: number;
  readonly actions: readonly Action[];
  readonly faults: readonly PlannedFault[];
  readonly storm: Storm | undefined;
}
