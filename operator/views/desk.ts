import type { BurstOutlook } from '../../core/burst/foresee.ts';
import type { BurstProgress } from '../../core/burst/progress.ts';
import type { BurstResult } from '../../core/burst/result.ts';
import type { ReleaseRecord } from '../../core/release/record.ts';
import type { CurvePoint } from '../../core/spread/curve.ts';
import type {
  Curves,
  DeadLetterView,
  Overview,
  PipelineRow,
  PipelineView,
  QueueLook,
  RecordCheck,
  StageEvent,
} from './pipelines.ts';

/**
 * All that people do to a stage: it reads and writes the records that they could edit by hand, and calls the stage's own
 * functions. The command line and the page are two ways to it. Whatever cannot be done throws a `DeskFault`.
 */
export interface Desk extends PipelineDesk, TaskDesk, CodeDesk, ObservingDesk {
  readonly stage: string;
  readonly region: string;
  readonly isLocal: boolean;
}

/** At whose queues to look. */
export type LookChoice =
  | 'all'
  | 'none'
  | readonly string[]
  | ((rows: readonly PipelineRow[]) => readonly string[]);

export interface PipelineDesk {
  /**
   * All pipelines. Looking at queues takes two calls a pipeline, some dozens at once: `look` says at whose, by default at
   * those of all; a function chooses them by what their records say.
   */
  overview(look?: LookChoice): Promise<Overview>;
  look(pipelineIds: readonly string[]): Promise<ReadonlyMap<string, QueueLook>>;
  /** @param showValues environment values as they are, not masked */
  show(pipelineId: string, showValues?: boolean): Promise<PipelineView>;
  /** Masked environment values of the record are those that stand in the table. */
  check(record: unknown): Promise<RecordCheck>;
  /**
   * Puts a record that {@link check} finds nothing wrong with.
   * @param expected what was found `standing` when the record was looked at, or {@link NO_RECORD}; where another stands there
   *   by now, nothing is written
   */
  put(record: unknown, expected?: string): Promise<RecordCheck>;
  /** Deletes the record; the pipeline drains, and is taken down. */
  remove(pipelineId: string): Promise<void>;
  setPaused(pipelineId: string, isPaused: boolean): Promise<RecordCheck>;
  /** `auto`: as its record says without a force. */
  forceBreaker(pipelineId: string, to: 'open' | 'closed' | 'auto'): Promise<RecordCheck>;
  /** Deletes all messages: they are gone. SQS takes up to a minute. */
  purge(pipelineId: string, queue: 'tasks' | 'deadLetters'): Promise<void>;
}

export interface TaskDesk {
  /** What a burst of the pipeline would be planned by, now. */
  outlook(pipelineId: string): Promise<BurstOutlook>;
  /** What the trigger is given, and what it answers. */
  send(burst: unknown): Promise<BurstResult>;
  /** Puts tasks, a line of JSON each, where the trigger may read them: more than fit into a call. @returns their `source` */
  keepTasks(jsonLines: Uint8Array): Promise<{ readonly bucket: string; readonly key: string }>;
  bursts(pipelineId?: string): Promise<readonly BurstProgress[]>;
  burst(burstId: string): Promise<BurstView>;
  /** @param deed what the burst function is asked for beside the id: `{cancel: true}`, `{replan: {spread}}` */
  steerBurst(burstId: string, deed: Readonly<Record<string, unknown>>): Promise<unknown>;
  deadLetters(pipelineId: string, most?: number): Promise<DeadLetterView>;
  /** @param wish what the redrive function is asked for beside the pipeline */
  redrive(pipelineId: string, wish: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export interface CodeDesk {
  /** Uploads a zip. @returns the version that S3 gave it */
  pushCode(codeKey: string, zip: Uint8Array): Promise<{ readonly codeKey: string; readonly version: string }>;
  /** The newest first. */
  rollouts(codeKey?: string): Promise<readonly ReleaseRecord[]>;
  steerRollout(request: {
    readonly action: 'pause' | 'resume' | 'abort' | 'rollback' | 'retry';
    readonly codeKey?: string;
    readonly version?: string;
    readonly reason?: string;
  }): Promise<unknown>;
}

export interface ObservingDesk {
  /** What consumers of a pipeline have logged since then, the oldest first. */
  logs(pipelineId: string, sinceMs: number): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What the system did, the newest first. */
  events(sinceMs: number, pipelineId?: string): Promise<readonly StageEvent[]>;
  curves(pipelineId: string, minutes: number): Promise<Curves>;
}

/** One burst, with how many of its tasks ran at once, by seconds after its hand-over. */
export interface BurstView extends BurstProgress {
  readonly curves?: {
    /** As it was planned. */
    readonly predicted: readonly CurvePoint[];
    /** Of tasks that are over. */
    readonly actual: readonly CurvePoint[];
  };
}

/** What is `standing` where there is no record. */
export const NO_RECORD = 'none';

/** Why something cannot be done: `message` says where, what is allowed, what was given and what to do. */
export class DeskFault extends Error {
  override readonly name = 'DeskFault';
  readonly code: 'Invalid' | 'Unknown' | 'Conflict' | 'NotPossible' | 'Unreachable';
  /** Of an invalid record or input. */
  readonly problems: RecordCheck['problems'];

  constructor(code: DeskFault['code'], message: string, problems: RecordCheck['problems'] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}
