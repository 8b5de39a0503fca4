import { SQS_RETENTION_MAX_SECONDS } from '../core/aws-limits.ts';
import type { BurstNotes } from '../core/burst/notes.ts';
import { CONSUMER_ENVIRONMENT } from '../core/consumer-code.ts';
import { needsShared, readLimits } from '../core/flow/limits.ts';
import type { Shared } from '../core/flow/shared.ts';
import { deadLetterQueueOf } from '../core/names.ts';
import type { Effects } from './effects.ts';
import { queueNameOf } from './task.ts';

const loadShared = () => import('../aws/consumer-shared.ts');
const loadBursts = () => import('../aws/consumer-bursts.ts');

/**
 * Lambda gives an environment all of a CPU until its code is loaded, and then its memory's share of one: what the
 * first task is sure to need is loaded before, which is when this is.
 */
await Promise.all([isSharedNeeded() && loadShared(), burstsTable() !== undefined && loadBursts()]);

/**
 * The effects on Lambda. Those that bring the SDK with them are loaded when they are first needed: a consumer whose
 * environment has no references, and whose tasks succeed, never pays for it.
 */
export function lambdaEffects(): Effects {
  const messages = once(async () => {
    const { createConsumerMessages } = await import('../aws/consumer-messages.ts');
    return createConsumerMessages(process.env[CONSUMER_ENVIRONMENT.flowTable]);
  });
  const table = burstsTable();
  return {
    environment: process.env,
    nowMs: () => Date.now(),
    random: () => Math.random(),
    // The global one: importing node:crypto would cost every cold start milliseconds.
    newId: () => crypto.randomUUID(),
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
    // Not console.log, before which Lambda puts a time, an id and a level: the line would not be JSON.
    write: (line) => process.stdout.write(`${line}\n`),
    onShutdown: (call) => {
      // Lambda sends it only where the function has an extension; nobody else ends the process then.
      process.once('SIGTERM', () => {
        call();
        if (process.listenerCount('SIGTERM') === 0) process.exit();
      });
    },
    lookUp: async (references, signal) => {
      const { lookUpReferences } = await import('../aws/reference-values.ts');
      return lookUpReferences(references, signal);
    },
    shared: lazily(async () => {
      const { createConsumerShared } = await loadShared();
      const { flowTable, holdsTable, pipelineId } = CONSUMER_ENVIRONMENT;
      return createConsumerShared({
        flowTable: process.env[flowTable] ?? '',
        holdsTable: process.env[holdsTable] ?? '',
        pipelineId: process.env[pipelineId] ?? '',
      });
    }),
    bursts:
      table === undefined
        ? undefined
        : lazily(async () => {
            const { createConsumerBursts } = await loadBursts();
            return createConsumerBursts(table);
          }),
    noteAttempt: async (messageId, receive, signal) =>
      (await messages()).noteAttempt({ messageId, receive, expiresAtSeconds: expiresAtSeconds() }, signal),
    forgetAttempt: async (messageId, receive, signal) =>
      (await messages()).forgetAttempt({ messageId, receive }, signal),
    hide: async (record, seconds, signal) =>
      (await messages()).hide(queueNameOf(record), record.receiptHandle, seconds, signal),
    sendAnew: async (record, message, delaySeconds, signal) =>
      (await messages()).send(queueNameOf(record), { ...message, delaySeconds }, signal),
    sendDeadLetter: async (record, letter, signal) =>
      (await messages()).send(deadLetterQueueOf(queueNameOf(record)), letter, signal),
  };
}

function isSharedNeeded(): boolean {
  try {
    return needsShared(readLimits(process.env[CONSUMER_ENVIRONMENT.limits]));
  } catch {
    // The first call says what is wrong with them.
    return false;
  }
}

/** Undefined where bursts are not counted. */
function burstsTable(): string | undefined {
  return process.env[CONSUMER_ENVIRONMENT.burstsTable];
}

/** SQS has no message any more that was received this long ago. */
function expiresAtSeconds(): number {
  return Math.ceil(Date.now() / 1000) + SQS_RETENTION_MAX_SECONDS;
}

/** What is made when one of its functions is first called; all of them answer later anyway. */
function lazily<T extends Shared | BurstNotes>(make: () => Promise<T>): T {
  const made = once(make);
  return new Proxy({} as T, {
    get:
      (_none, name) =>
      async (...args: unknown[]) => {
        const all = await made();
        return Reflect.apply(Reflect.get(all, name) as () => unknown, all, args);
      },
  });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
