import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AwsError } from '../../../../aws/errors.ts';
import type { OutgoingMessage, Ports, SendFailure } from '../../../../aws/ports.ts';
import { sendAll } from '../../../../functions/trigger/send-all.ts';

type Answer = (messages: readonly OutgoingMessage[]) => readonly SendFailure[] | Error;

/** A queue that answers as it is told, and time that only sleeping moves. */
function queueThat(answer: Answer) {
  let nowMs = 0;
  let running = 0;
  const seen = { taken: [] as OutgoingMessage[], calls: 0, mostAtOnce: 0, slept: [] as number[] };
  const ports = {
    clock: {
      nowMs: () => nowMs,
      sleep: async (ms: number) => {
        seen.slept.push(ms);
        nowMs += ms;
      },
    },
    random: () => 0.5,
    log: { info: () => {}, warn: () => {} },
    queues: {
      async send(_url: string, messages: readonly OutgoingMessage[]) {
        seen.calls += 1;
        running += 1;
        seen.mostAtOnce = Math.max(seen.mostAtOnce, running);
        await Promise.resolve();
        running -= 1;
        const failures = answer(messages);
        if (failures instanceof Error) throw failures;
        const failed = new Set(failures.map(({ id }) => id));
        seen.taken.push(...messages.filter(({ id }) => !failed.has(id)));
        return failures;
      },
    },
  } as unknown as Ports;
  return { ports, seen };
}

function messages(count: number, body = '{}'): OutgoingMessage[] {
  return Array.from({ length: count }, (_, index) => ({ id: String(index), body }));
}

function awsError(code: string, retryable: boolean): AwsError {
  const operation = 'sqs:SendMessage';
  return new AwsError({ code, message: code, operation, requestId: undefined, retryable, cause: undefined });
}

const takesAll: Answer = () => [];
const inTime = Number.POSITIVE_INFINITY;

describe('sending many messages', () => {
  it('accepts or fails every message exactly once, whatever SQS answers', async () => {
    const fate = fc.constantFrom('taken', 'taken', 'taken', 'busy', 'fault', 'throttle', 'refusal');
    await fc.assert(
      fc.asyncProperty(fc.nat(1_500), fc.infiniteStream(fate), async (count, fates) => {
        const next = () => fates.next().value as string;
        const { ports, seen } = queueThat((sent) => {
          const whole = next();
          if (whole === 'throttle') return awsError('RequestThrottled', true);
          if (whole === 'refusal' && next() === 'refusal') return awsError('AccessDenied', false);
          return sent.flatMap(({ id }): SendFailure[] => {
            const one = next();
            if (one === 'busy') return [{ id, code: 'InternalError', senderFault: false }];
            return one === 'fault' ? [{ id, code: 'InvalidMessageContents', senderFault: true }] : [];
          });
        });
        const { accepted, failed } = await sendAll('url', messages(count), ports, inTime);
        const ids = [...seen.taken.map(({ id }) => id), ...failed.map(({ id }) => id)];
        expect(ids).toHaveLength(count);
        expect(new Set(ids).size).toBe(count);
        expect(accepted).toBe(seen.taken.length);
      }),
      { numRuns: 60 },
    );
  });

  it('takes ten messages a call and eight calls at once', async () => {
    const { ports, seen } = queueThat(takesAll);
    await sendAll('url', messages(1_005), ports, inTime);
    expect(seen.calls).toBe(101);
    expect(seen.mostAtOnce).toBe(8);
  });

  it('never puts more than a mebibyte into one call', async () => {
    let most = 0;
    const { ports, seen } = queueThat((sent) => {
      most = Math.max(
        most,
        sent.reduce((sum, { body }) => sum + body.length, 0),
      );
      return [];
    });
    await sendAll('url', messages(30, 'x'.repeat(300_000)), ports, inTime);
    expect(most).toBeLessThanOrEqual(1_048_576);
    expect(seen.taken).toHaveLength(30);
  });

  it('fails a message of more than a mebibyte without sending it, and sends the others', async () => {
    const { ports, seen } = queueThat(takesAll);
    const [first, second, third] = messages(3);
    const large = { id: '1', body: 'x'.repeat(1_048_577) };
    const sent = await sendAll(
      'url',
      [first, large, third].filter((one) => one !== undefined),
      ports,
      inTime,
    );
    expect(sent).toEqual({ accepted: 2, failed: [{ id: '1', code: 'TooLarge' }] });
    expect(second?.id).toBe('1');
    expect(seen.taken.map(({ id }) => id)).toEqual(['0', '2']);
  });

  it('tries what SQS could not take six times, with growing waits, and then says its code', async () => {
    const { ports, seen } = queueThat((sent) =>
      sent
        .filter(({ id }) => id === '3')
        .map(({ id }) => ({ id, code: 'InternalError', senderFault: false })),
    );
    const sent = await sendAll('url', messages(10), ports, inTime);
    expect(sent).toEqual({ accepted: 9, failed: [{ id: '3', code: 'InternalError' }] });
    expect(seen.calls).toBe(6);
    expect(seen.slept).toEqual([50, 100, 200, 400, 800]);
  });

  it('does not try again what cannot succeed', async () => {
    const { ports, seen } = queueThat(() => awsError('AccessDenied', false));
    const sent = await sendAll('url', messages(2), ports, inTime);
    expect(sent.failed.map(({ code }) => code)).toEqual(['AccessDenied', 'AccessDenied']);
    expect(seen.calls).toBe(1);
  });

  it('starts no call after its time and fails the rest as out of time', async () => {
    const { ports, seen } = queueThat(() => awsError('RequestThrottled', true));
    const sent = await sendAll('url', messages(500), ports, 1_000);
    expect(sent.accepted).toBe(0);
    expect(sent.failed).toHaveLength(500);
    expect(new Set(sent.failed.map(({ code }) => code))).toEqual(new Set(['OutOfTime']));
    expect(seen.calls).toBeLessThan(60);
  });

  it('lets a surprise through', async () => {
    const { ports } = queueThat(() => new Error('a bug'));
    await expect(sendAll('url', messages(1), ports, inTime)).rejects.toThrow('a bug');
  });

  it('makes messages only as they are needed', async () => {
    let made = 0;
    let ahead = 0;
    const { ports, seen } = queueThat((sent) => {
      ahead = Math.max(ahead, made - seen.taken.length);
      return sent.length > 10 ? new Error('too many') : [];
    });
    function* many() {
      for (; made < 20_000; ) yield { id: String(made++), body: '{}' };
    }
    await sendAll('url', many(), ports, inTime);
    expect(seen.taken).toHaveLength(20_000);
    expect(ahead).toBeLessThan(1_100);
  });
});
