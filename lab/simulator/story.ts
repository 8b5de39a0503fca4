import type { Control } from '../../core/release/control.ts';
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

/** What an uploaded release is like. */
export type ReleaseLike = 'good' | 'fails' | 'failsHalf' | 'slow' | 'failsTrial' | 'unreadable';

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
  /** Every pipeline gets so many tasks a minute, from now on for so many minutes. */
  | { readonly kind: 'traffic'; readonly perMinute: number; readonly minutes: number }
  | { readonly kind: 'meddle'; readonly how: Meddling }
  /** Somebody else has made a queue or a function of the pipeline's name. */
  | { readonly kind: 'foreign'; readonly what: 'queue' | 'function' }
  /** Uploads the next version of the consumer code. */
  | { readonly kind: 'upload'; readonly like: ReleaseLike }
  /** Asks something of a rollout, of the newest release or of an older one. */
  | { readonly kind: 'control'; readonly action: Control; readonly version?: string }
  /** Stops the execution that is at work on the pipeline: a dead writer. */
  | { readonly kind: 'abort' }
  /** Stops whatever drives rollouts. */
  | { readonly kind: 'abortRollouts' }
  /** Events of this pipeline make the listener fail from now on. */
  | { readonly kind: 'poison' }
  | { readonly kind: 'reconciler'; readonly on: boolean }
  /** The other side wants to be left alone, or the breaker opens: the group waits. */
  | { readonly kind: 'hold'; readonly seconds: number; readonly cause: 'throttled' | 'breaker' }
  /** Somebody deletes what the group's tasks share. */
  | { readonly kind: 'unhold' };

export interface Action {
  readonly afterSeconds: number;
  /** Index of the pipeline. */
  readonly on: number;
  readonly deed: Deed;
}

/** A fault at one call of all steps or of one step, or at one run; counted from the story's begin, per pipeline if it has one. */
export type PlannedFault =
  | { readonly on: number; readonly step: string; readonly call: number; readonly fault: CallFault }
  | { readonly on: number; readonly call: number; readonly fault: CallFault }
  | { readonly on: number; readonly run: number; readonly fault: RunFault }
  /** At a call of a function that serves releases, counted over all its runs, or those of one step. */
  | { readonly of: string; readonly call: number; readonly fault: CallFault };

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
  /** How long a wave of a release is watched. */
  readonly bakeSeconds: number;
  readonly actions: readonly Action[];
  readonly faults: readonly PlannedFault[];
  readonly storm: Storm | undefined;
}
