import type { QueueChange, QueueSettings } from '../../core/lifecycle/differences.ts';
import type { QueueSpec } from '../../core/lifecycle/target.ts';
import type { Page } from './page.ts';

/** SQS. None of it is in Lambda's bucket. */
export interface TaskQueues {
  /** The queue's url, or undefined if there is none of that name. */
  find(name: string): Promise<string | undefined>;
  /**
   * `created` also where one with the same attributes is there already: look at its tags before using it.
   * `nameBlocked`: a queue of this name was deleted within the last minute.
   * `differs`: there is one with other attributes.
   */
  create(
    spec: QueueSpec,
  ): Promise<
    | { readonly kind: 'created'; readonly url: string }
    | { readonly kind: 'nameBlocked' }
    | { readonly kind: 'differs' }
  >;
  tags(url: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Undefined if the queue is gone. */
  read(url: string): Promise<QueueState | undefined>;
  /** One call; `closed` and `sealed` read the queue's policy first, so as to keep what others wrote there. */
  change(url: string, change: QueueChange): Promise<'done' | 'gone'>;
  delete(url: string): Promise<'deleted' | 'gone'>;
  /** At most 10 messages, hidden from others for `visibilityTimeoutSeconds`; short poll. */
  receive(url: string, visibilityTimeoutSeconds: number): Promise<readonly QueueMessage[]>;
  /** At most 10 received messages: they can be received again at once. One that cannot be put back comes by itself. */
  putBack(url: string, receipts: readonly string[]): Promise<void>;
  /** At most 10; answers the receipts that could not be deleted. */
  deleteMessages(url: string, receipts: readonly string[]): Promise<readonly string[]>;
  /** At most 10 and 1 MiB together; answers what was not accepted. */
  send(url: string, messages: readonly OutgoingMessage[]): Promise<readonly SendFailure[]>;
  /** Urls of the queues whose names start so; a name is the url's last segment. */
  page(namePrefix: string, cursor: string | undefined): Promise<Page<string>>;
  /** Stops redrives out of this queue. Lists and cancels: one call, and one more for each that runs. */
  cancelRedrives(queueArn: string): Promise<void>;
}

export interface QueueState extends QueueSettings {
  readonly url: string;
  readonly arn: string;
  /** Approximate, as SQS says. */
  readonly counts: QueueCounts;
}

export interface QueueCounts {
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
}

export interface QueueMessage {
  readonly messageId: string;
  readonly receipt: string;
  readonly body: string;
  /** A binary value is Base64. */
  readonly attributes: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  readonly receiveCount: number;
  /** Epoch milliseconds; retention runs from here. */
  readonly sentAtMs: number;
}

export interface OutgoingMessage {
  /** Unique within the call. */
  readonly id: string;
  readonly body: string;
  readonly delaySeconds?: number;
  readonly attributes?: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
}

export interface SendFailure {
  readonly id: string;
  readonly code: string;
  /** The sender's fault: sending it again cannot help. */
  readonly senderFault: boolean;
}
