import type { LookUpReferences } from '../core/references.ts';
import type { Environment } from './environment.ts';
import type { WriteLine } from './log.ts';

/** The little of the world that the runtime touches; lambda.ts is Lambda's. */
export interface Effects {
  readonly environment: Environment;
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Calls back after this time, unless the returned function was called before. */
  after(ms: number, call: () => void): () => void;
  readonly write: WriteLine;
  readonly lookUp: LookUpReferences;
}
