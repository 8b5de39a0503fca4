import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { AnewMessage, Effects } from '../../../consumer/effects.ts';
import type { OutgoingLetter } from '../../../core/dead-letter.ts';
import type { LookedUp, Reference } from '../../../core/references.ts';
import { NotesMemory, notesEffectsOf, notesOver } from '../../../lab/simulator/flow/notes-memory.ts';
import { effectsOf, SharedMemory, sharedOver } from '../../../lab/simulator/flow/shared-memory.ts';

/** A line that the runtime wrote. */
export type Line = Readonly<Record<string, unknown>>;

export interface World {
  readonly effects: Effects;
  readonly lines: readonly Line[];
  readonly asked: readonly Reference[][];
  /** Receives of each message that count as attempts: the flow table. */
  readonly attempts: Map<string, Set<number>>;
  /** For how long messages were hidden, the last of each. */
  readonly hidden: Map<string, number>;
  /** What is in the dead-letter queue. */
  readonly letters: OutgoingLetter[];
  /** What was sent to the queue in the place of another, and with what delay. */
  readonly anew: { readonly message: AnewMessage; readonly delaySeconds: number }[];
  /** What this environment shares with others. */
  readonly shared: SharedMemory;
  /** Which of it was asked for, in order. */
  readonly sharedCalls: string[];
  /** What bursts know of their tasks. */
  readonly notes: NotesMemory;
  /** Which updates of it were made, in order. */
  readonly noteCalls: string[];
  /** What cannot be reached. */
  readonly broken: Set<Part>;
  /** Lets time pass: timers that fall due are called on the way, in order. */
  pass(ms: number): void;
  /** Tells the process to end. */
  shutDown(): void;
  /** Lets time pass, from one timer to the next, until this is over. */
  until<T>(over: Promise<T>): Promise<T>;
}

type Part = 'table' | 'queue' | 'deadLetterQueue' | 'shared' | 'notes';

/** Turns of the event loop without a timer: what is not over then never is. */
const MOST_IDLE = 10;

/** The runtime's effects on a clock that only {@link World.pass} moves. */
export function createWorld(
  environment: Record<string, string | undefined> = {},
  answer: (reference: Reference) => LookedUp = () => ({ kind: 'failed', reason: 'nothing is kept here' }),
): World {
  let nowMs = 1_800_000_000_000;
  const timers = new Set<{ readonly dueMs: number; readonly call: () => void }>();
  const lines: Line[] = [];
  const asked: Reference[][] = [];
  const attempts = new Map<string, Set<number>>();
  const hidden = new Map<string, number>();
  const letters: OutgoingLetter[] = [];
  const broken: World['broken'] = new Set();
  const anew: World['anew'] = [];
  const shared = new SharedMemory();
  const sharedCalls: string[] = [];
  const notes = new NotesMemory();
  const noteCalls: string[] = [];
  const shutdowns: (() => void)[] = [];
  let ids = 0;
  const reach = (what: Part) => {
    if (broken.has(what)) throw new Error(`the ${what} cannot be reached`);
  };
  const effects: Effects = {
    environment,
    nowMs: () => nowMs,
    random: () => 0.5,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    shared: sharedOver(effectsOf(shared), async (name, _signal, effect) => {
      sharedCalls.push(name);
      reach('shared');
      return effect();
    }),
    bursts: notesOver(notesEffectsOf(notes), async (name, _signal, effect) => {
      noteCalls.push(name);
      reach('notes');
      return effect();
    }),
    after: (ms, call) => {
      const timer = { dueMs: nowMs + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    write: (line) => lines.push(JSON.parse(line)),
    onShutdown: (call) => shutdowns.push(call),
    lookUp: async (references) => {
      asked.push([...references]);
      return references.map(answer);
    },
    noteAttempt: async (messageId, receive) => {
      reach('table');
      const noted = attempts.get(messageId) ?? new Set();
      attempts.set(messageId, noted.add(receive));
      return noted.size;
    },
    forgetAttempt: async (messageId, receive) => {
      reach('table');
      attempts.get(messageId)?.delete(receive);
    },
    hide: async ({ messageId }, seconds) => {
      reach('queue');
      hidden.set(messageId, seconds);
    },
    sendAnew: async (_, message, delaySeconds) => {
      reach('queue');
      anew.push({ message, delaySeconds });
    },
    sendDeadLetter: async (_, letter) => {
      reach('deadLetterQueue');
      letters.push(letter);
    },
  };
  const pass = (ms: number) => {
    const untilMs = nowMs + ms;
    for (const timer of [...timers].sort((a, b) => a.dueMs - b.dueMs)) {
      if (timer.dueMs > untilMs || !timers.delete(timer)) continue;
      nowMs = timer.dueMs;
      timer.call();
    }
    nowMs = untilMs;
  };
  const until = async <T>(over: Promise<T>): Promise<T> => {
    let isOver = false;
    const settled = over.finally(() => {
      isOver = true;
    });
    settled.catch(() => {});
    for (let idle = 0; idle < MOST_IDLE; idle += 1) {
      await new Promise(setImmediate);
      if (isOver) return settled;
      if (timers.size === 0) continue;
      pass(Math.max(0, Math.min(...[...timers].map(({ dueMs }) => dueMs)) - nowMs));
      idle = 0;
    }
    throw new Error('nothing is under way, and it is not over');
  };
  return {
    effects,
    lines,
    asked,
    attempts,
    hidden,
    letters,
    anew,
    shared,
    sharedCalls,
    notes,
    noteCalls,
    broken,
    pass,
    shutDown: () => {
      for (const call of shutdowns) call();
    },
    until,
  };
}

/** A message as the mapping hands it over. */
export function record(messageId: string, body: unknown, receives = 1): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '1800000000000',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '1800000000000',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:sluice-pipe-local-customer-a',
    awsRegion: 'eu-west-1',
  };
}

/** The same of a task of a burst. */
export function burstRecord(
  messageId: string,
  body: unknown,
  {
    partsId = 'b#1',
    index = '0',
    total = '3',
    receives = 1,
  }: Partial<Record<'partsId' | 'index' | 'total', string>> & { receives?: number } = {},
): SQSRecord {
  const attributes = { 'sluice-burst': partsId, 'sluice-index': index, 'sluice-total': total };
  return {
    ...record(messageId, body, receives),
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: 'String', stringValue }]),
    ),
  };
}

export function event(...records: readonly SQSRecord[]): SQSEvent {
  return { Records: [...records] };
}

/** A call with this much time. */
export function invocation(remainingMs = 30_000) {
  return { awsRequestId: 'request-1', getRemainingTimeInMillis: () => remainingMs };
}
