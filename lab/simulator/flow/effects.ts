import type { SQSRecord } from 'aws-lambda';
import type { QueueMessage } from '../../../aws/ports.ts';
import type { Effects } from '../../../consumer/effects.ts';
import { SQS_VISIBILITY_MAX_SECONDS } from '../../../core/aws-limits.ts';
import type { SimulatedQueue } from '../world/queue-state.ts';
import type { QueueTraffic } from '../world/queue-traffic.ts';
import type { Book } from './book.ts';
import type { ExecutionEnvironment } from './environment.ts';
import { type NotesEffects, notesOver } from './notes-memory.ts';
import { type SharedEffects, sharedOver } from './shared-memory.ts';
import type { Wire } from './wire.ts';

export interface EffectParts {
  readonly environment: ExecutionEnvironment;
  readonly variables: Readonly<Record<string, string>>;
  readonly book: Book;
  readonly queue: SimulatedQueue;
  readonly deadLetters: SimulatedQueue;
  readonly traffic: QueueTraffic;
  /** Receives of each task that count as attempts: the flow table. */
  readonly attempts: Map<string, Set<number>>;
  readonly shared: SharedEffects;
  readonly sharedWire: Wire;
  readonly notes: NotesEffects;
  readonly notesWire: Wire;
  readonly queueWire: Wire;
  readonly newId: () => string;
}

/** What the runtime has in a simulated environment. */
export function simulatedEffects(parts: EffectParts): Effects {
  const { environment, book, queue, deadLetters, traffic, attempts } = parts;
  const reach = <R>(name: string, signal: AbortSignal, effect: () => R) =>
    parts.queueWire.call(environment, name, signal, effect);
  return {
    environment: { ...parts.variables },
    nowMs: () => environment.nowMs(),
    random: () => environment.random(),
    newId: parts.newId,
    after: (ms, call) => environment.after(ms, call),
    write: (line) => {
      book.note(environment.id, line);
    },
    onShutdown: () => {},
    lookUp: async () => [],
    shared: sharedOver(parts.shared, (name, signal, effect) =>
      parts.sharedWire.call(environment, name, signal, effect),
    ),
    bursts: notesOver(parts.notes, (name, signal, effect) =>
      parts.notesWire.call(environment, name, signal, effect),
    ),
    noteAttempt: (id, receive, signal) =>
      reach('noteAttempt', signal, () => {
        const noted = (attempts.get(id) ?? new Set()).add(receive);
        attempts.set(id, noted);
        return noted.size;
      }),
    forgetAttempt: (id, receive, signal) =>
      reach('forgetAttempt', signal, () => {
        attempts.get(id)?.delete(receive);
      }),
    hide: (record, seconds, signal) =>
      reach('hide', signal, () => {
        if (!Number.isInteger(seconds) || seconds < 0 || seconds > SQS_VISIBILITY_MAX_SECONDS)
          throw new Error(`a message cannot be hidden for ${seconds} s`);
        traffic.changeVisibility(queue, record.receiptHandle, seconds);
      }),
    sendAnew: (_, { body, attributes }, delaySeconds, signal) =>
      reach('sendAnew', signal, () => {
        const failures = traffic.send(queue.url, [{ id: '1', body, attributes, delaySeconds }]);
        if (failures.length > 0) throw new Error(failures[0]?.code);
      }),
    sendDeadLetter: (_, { body, attributes }, signal) =>
      reach('sendDeadLetter', signal, () => {
        traffic.send(deadLetters.url, [{ id: '1', body, attributes }]);
      }),
  };
}

/** A message as the mapping hands it over. */
export function recordOf(queue: SimulatedQueue, message: QueueMessage): SQSRecord {
  const messageAttributes = Object.fromEntries(
    Object.entries(message.attributes).map(([name, { type, value }]) => [
      name,
      { dataType: type as 'String', stringValue: value },
    ]),
  );
  return {
    messageId: message.messageId,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAtMs),
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: String(message.sentAtMs),
    },
    messageAttributes,
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: 'simulated',
  };
}
