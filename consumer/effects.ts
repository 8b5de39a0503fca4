import type { SQSRecord } from 'aws-lambda';
import type { OutgoingLetter } from '../core/dead-letter.ts';
import type { LookUpReferences } from '../core/references.ts';
import type { Environment } from './environment.ts';
import type { WriteLine } from './log.ts';

/** The little of the world that the runtime touches; lambda.ts is Lambda's. */
export interface Effects {
  readonly environment: Environment;
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Calls back after this time, unless the returned function was called before. */
  after(ms: number, call: () => void): () => void;
  readonly write: WriteLine;
  readonly lookUp: LookUpReferences;
  /**
   * Notes that this receive of a message began an attempt, or was one. The same receive twice is one.
   * @returns how many of its receives are noted
   */
  noteAttempt(messageId: string, receive: number, signal: AbortSignal): Promise<number>;
  /** Takes the note of a receive away: it was no attempt after all. */
  forgetAttempt(messageId: string, receive: number, signal: AbortSignal): Promise<void>;
  /** Hides a received message for so long from now on, whole seconds. */
  hide(record: SQSRecord, seconds: number, signal: AbortSignal): Promise<void>;
  /** Sends to the dead-letter queue of the queue that a message came from. */
  sendDeadLetter(record: SQSRecord, letter: OutgoingLetter, signal: AbortSignal): Promise<void>;
}
