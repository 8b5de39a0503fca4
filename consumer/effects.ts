import type { SQSRecord } from 'aws-lambda';
import type { BurstNotes } from '../core/burst/notes.ts';
import type { MessageAttribute, OutgoingLetter } from '../core/dead-letter.ts';
import type { Shared } from '../core/flow/shared.ts';
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
  /** A name that nothing else has. */
  newId(): string;
  /** Calls back after this time, unless the returned function was called before. */
  after(ms: number, call: () => void): () => void;
  readonly write: WriteLine;
  /** Calls back when the process is told to end, where it is; there is time for a line. */
  onShutdown(call: () => void): void;
  readonly lookUp: LookUpReferences;
  /** What the environments of this pipeline share. */
  readonly shared: Shared;
  /** What bursts know of their tasks; undefined where they are not counted. */
  readonly bursts: BurstNotes | undefined;
  /**
   * Notes that this receive of a message began an attempt, or was one. The same receive twice is one.
   * @returns how many of its receives are noted
   */
  noteAttempt(messageId: string, receive: number, signal: AbortSignal): Promise<number>;
  /** Takes the note of a receive away: it was no attempt after all. */
  forgetAttempt(messageId: string, receive: number, signal: AbortSignal): Promise<void>;
  /** Hides a received message for so long from now on, whole seconds. */
  hide(record: SQSRecord, seconds: number, signal: AbortSignal): Promise<void>;
  /** Sends to the queue that a message came from, to be received after so many seconds, 900 at most. */
  sendAnew(record: SQSRecord, message: AnewMessage, delaySeconds: number, signal: AbortSignal): Promise<void>;
  /** Sends to the dead-letter queue of the queue that a message came from. */
  sendDeadLetter(record: SQSRecord, letter: OutgoingLetter, signal: AbortSignal): Promise<void>;
}

/** A message in the place of another. */
export interface AnewMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}
