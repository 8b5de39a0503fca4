import { AwsError } from '../../aws/errors.ts';
import type { OutgoingMessage, Ports, SalvagedMessage } from '../../aws/ports.ts';
import { configHash } from '../../core/config-hash.ts';
import { type Include, planObject } from '../../core/salvage-restore.ts';
import { sendAll } from '../trigger/send-all.ts';

/** What a restore carries from object to object. */
export interface Restore {
  readonly pipelineId: string;
  readonly include: Include;
  /** Most messages to send. */
  readonly limit: number;
  readonly urls: Readonly<Record<SalvagedMessage['from'], string>>;
  readonly ports: Ports;
  /** No message is sent after this, epoch milliseconds. */
  readonly stopMs: number;
  /** Ids of the messages that were sent. */
  readonly sent: Set<string>;
  /** Objects that this restore wrote, of what it could not send: not to be read again. */
  readonly rewritten: Set<string>;
  duplicates: number;
  readonly failed: { readonly messageId: string; readonly code: string }[];
}

/**
 * Sends the messages of one salvage object again. The object is deleted only when all its messages were
 * sent, now or before; if some were not, an object of just those takes its place first. So a crash at any
 * point loses nothing; it may send again what this object had sent.
 * @returns false if SQS took none of what was tried: there is no use in going on
 */
export async function restoreObject(key: string, restore: Restore): Promise<boolean> {
  const { ports, sent } = restore;
  const messages = await readObject(key, ports);
  const plan = planObject(messages, restore.include, sent, restore.limit - sent.size);
  const failed = await send(plan.send, restore);
  for (const { messageId } of plan.send) if (!failed.has(messageId)) sent.add(messageId);

  // A second copy of a message that could not be sent is no use either: its first copy stays.
  restore.duplicates += plan.duplicates.length;
  const left = [...plan.keep, ...plan.send.filter(({ messageId }) => failed.has(messageId))];
  if (messages.length > 0 && left.length < messages.length) {
    if (left.length > 0) {
      const part = `${ports.clock.nowMs()}-${configHash(key)}`;
      restore.rewritten.add(await ports.salvage.write(restore.pipelineId, part, left));
    }
    await ports.salvage.delete(key);
  }
  return plan.send.length === 0 || failed.size < plan.send.length;
}

/** Empty where another restore was quicker. */
async function readObject(key: string, ports: Ports): Promise<readonly SalvagedMessage[]> {
  try {
    return await ports.salvage.read(key);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchKey') return [];
    throw error;
  }
}

/** Sends tasks to the queue and dead letters to the dead-letter queue; answers the ids that were not taken. */
async function send(messages: readonly SalvagedMessage[], restore: Restore): Promise<ReadonlySet<string>> {
  const failed = new Set<string>();
  for (const from of ['queue', 'deadLetterQueue'] as const) {
    const outgoing = messages.filter((message) => message.from === from).map(asBefore);
    const answer = await sendAll(restore.urls[from], outgoing, restore.ports, restore.stopMs);
    for (const { id, code } of answer.failed) {
      failed.add(id);
      restore.failed.push({ messageId: id, code });
    }
  }
  return failed;
}

/** The message with its body and attributes as they were. */
function asBefore({ messageId, body, attributes }: SalvagedMessage): OutgoingMessage {
  return { id: messageId, body, ...(Object.keys(attributes).length > 0 ? { attributes } : {}) };
}
