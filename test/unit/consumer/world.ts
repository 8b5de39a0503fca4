import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { Effects } from '../../../consumer/effects.ts';
import type { LookedUp, Reference } from '../../../core/references.ts';

/** A line that the runtime wrote. */
export type Line = Readonly<Record<string, unknown>>;

export interface World {
  readonly effects: Effects;
  readonly lines: readonly Line[];
  readonly asked: readonly Reference[][];
  /** Lets time pass: timers that fall due are called on the way, in order. */
  pass(ms: number): void;
}

/** The runtime's effects on a clock that only {@link World.pass} moves. */
export function createWorld(
  environment: Record<string, string | undefined> = {},
  answer: (reference: Reference) => LookedUp = () => ({ kind: 'failed', reason: 'nothing is kept here' }),
): World {
  let nowMs = 1_800_000_000_000;
  const timers = new Set<{ readonly dueMs: number; readonly call: () => void }>();
  const lines: Line[] = [];
  const asked: Reference[][] = [];
  const effects: Effects = {
    environment,
    nowMs: () => nowMs,
    after: (ms, call) => {
      const timer = { dueMs: nowMs + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    write: (line) => lines.push(JSON.parse(line)),
    lookUp: async (references) => {
      asked.push([...references]);
      return references.map(answer);
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
  return { effects, lines, asked, pass };
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

export function event(...records: readonly SQSRecord[]): SQSEvent {
  return { Records: [...records] };
}

/** A call with this much time. */
export function invocation(remainingMs = 30_000) {
  return { awsRequestId: 'request-1', getRemainingTimeInMillis: () => remainingMs };
}
