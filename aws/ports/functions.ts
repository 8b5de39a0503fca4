import type { FunctionSettings } from '../../core/lifecycle/differences.ts';
import type { CodeRef, FunctionSpec } from '../../core/lifecycle/target.ts';
import type { Page } from './page.ts';
import type { Permit } from './permit.ts';

/** Lambda functions. All but `read` count in Lambda's bucket and take a permit. */
export interface ConsumerFunctions {
  /** GetFunction, which has a bucket of its own (100/s). */
  read(name: string): Promise<FunctionState | undefined>;
  /** `notReady`: the role cannot be assumed yet; `noCode`: the object is not there. */
  create(
    spec: FunctionSpec,
    code: CodeRef,
    permit: Permit,
  ): Promise<
    | { readonly kind: 'created'; readonly codeSha256: string }
    | { readonly kind: 'exists' | 'notReady' | 'noCode' }
  >;
  configure(spec: FunctionSpec, permit: Permit): Promise<FunctionAnswer>;
  updateCode(
    spec: FunctionSpec,
    code: CodeRef,
    permit: Permit,
  ): Promise<
    { readonly kind: 'done'; readonly codeSha256: string } | { readonly kind: 'busy' | 'gone' | 'noCode' }
  >;
  /** Reserves one unit of concurrency. `noRoom`: the account has none left to reserve. */
  reserveOne(name: string, permit: Permit): Promise<FunctionAnswer | 'noRoom'>;
  releaseReservation(name: string, permit: Permit): Promise<FunctionAnswer>;
  delete(name: string, permit: Permit): Promise<'deleted' | 'gone' | 'busy'>;
  /** Runs a function once and waits for it; not in Lambda's control-plane bucket. */
  invoke(name: string, event: unknown): Promise<InvokeAnswer>;
  /** Names of all functions of the account and region, at most 50. */
  page(cursor: string | undefined, permit: Permit): Promise<Page<string>>;
}

export interface FunctionState extends FunctionSettings {
  readonly arn: string;
  /** Changes with the code only. */
  readonly architecture: 'arm64' | 'x86_64';
  readonly state: 'Pending' | 'Active' | 'Inactive' | 'Failed';
  readonly stateReason?: string;
  readonly lastUpdate: 'InProgress' | 'Successful' | 'Failed';
  readonly lastUpdateReason?: string;
  readonly codeSha256: string;
  readonly reservedConcurrency?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Changes of a function: `busy` while it is Pending or an update is in progress. */
export type FunctionAnswer = 'done' | 'busy' | 'gone';

/** What became of a call of a function. */
export type InvokeAnswer =
  | { readonly kind: 'returned'; readonly payload: unknown }
  /** It threw, ran out of time or could not start; `error` for people. */
  | { readonly kind: 'failed'; readonly error: string }
  /** `busy`: throttled, or not ready yet. */
  | { readonly kind: 'busy' | 'gone' };
