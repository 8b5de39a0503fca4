/** Why a burst, a restore, a redrive or a word to a rollout is not taken. Stable: other people's programs may branch on it. */
export type RefusalCode =
  /** The input itself is wrong; sending it again cannot help. */
  | 'InvalidInput'
  /** There is no config record and no pipeline of this id. */
  | 'UnknownPipeline'
  /** The pipeline is not there yet. */
  | 'NotReady'
  /** The pipeline is being taken down. */
  | 'Draining'
  /** More tasks wait than the record's `maxBacklog` allows. */
  | 'Backlog'
  /** There is no burst of this id, or no longer. */
  | 'UnknownBurst'
  /** There is no release of this key, or none of this version. */
  | 'UnknownRelease'
  /** Another burst has this id: of other tasks, or for another pipeline. */
  | 'BurstIdTaken'
  /** The pipeline cannot reach the burst's goal; the message says what it can. */
  | 'Impossible'
  /** There is no such object of tasks, or the stage may not read it. */
  | 'UnknownSource'
  /** Not in the state that the release is in, or beside another redrive. */
  | 'NotPossible';

const HELPED_BY_TIME: ReadonlySet<RefusalCode> = new Set(['NotReady', 'Backlog']);

/**
 * Nothing was done, and why. Lambda hands a caller the name, which is the code, as `errorType` and the
 * message as `errorMessage`.
 */
export class Refused extends Error {
  override readonly name: RefusalCode;
  readonly code: RefusalCode;
  /** Whether the same input may be taken later. */
  readonly retryable: boolean;
  /** When to try again, where that can be told. */
  readonly retryAfterSeconds?: number;

  constructor(code: RefusalCode, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = code;
    this.code = code;
    this.retryable = HELPED_BY_TIME.has(code);
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
  }
}
