import { describe, expect, it } from '@jest/globals';
import { deadLetterOf } from '../../../../core/dead-letter.ts';
import { lookAtLetters } from '../../../../operator/desk/dead-letters.ts';
import { fakeQueue, NOW_MS } from './stage-of-fakes.ts';

const letter = (n: number, reason: string, body = `{"document":${n}}`) => {
  const note = {
    reason,
    attempts: 5,
    error: { name: 'TypeError', message: 'as told' },
    firstSentAtMs: NOW_MS - n,
    lastAttemptAtMs: NOW_MS,
    messageId: `task-${n}`,
  };
  return { messageId: `letter-${n}`, ...deadLetterOf(body, {}, note) };
};
const look = (queue: ReturnType<typeof fakeQueue>, most = 50) =>
  lookAtLetters('https://q', most, queue.port, () => NOW_MS);

describe('a look at dead letters', () => {
  it('counts their reasons, the most frequent first', async () => {
    const letters = Array.from({ length: 23 }, (_, n) =>
      letter(n, n % 4 === 0 ? 'no such page' : 'maxAttempts'),
    );
    expect(await look(fakeQueue(letters))).toMatchObject({
      total: 23,
      sampled: 23,
      reasons: [
        { reason: 'maxAttempts', letters: 17 },
        { reason: 'no such page', letters: 6 },
      ],
    });
  });

  it('hides none of them when it is over, however it ends', async () => {
    const queue = fakeQueue(Array.from({ length: 23 }, (_, n) => letter(n, 'x')));
    await look(queue);
    expect(queue.hidden.size).toBe(0);
    const { receive } = queue.port;
    queue.port.receive = async (url, seconds) => {
      if (queue.receives() > 2) throw new Error('SQS is away');
      return receive(url, seconds);
    };
    await expect(look(queue)).rejects.toThrow('SQS is away');
    expect(queue.hidden.size).toBe(0);
  });

  it('takes no more than it was asked for', async () => {
    const queue = fakeQueue(Array.from({ length: 40 }, (_, n) => letter(n, 'x')));
    expect(await look(queue, 15)).toMatchObject({ total: 40, sampled: 15, reasons: [{ letters: 15 }] });
    expect(queue.receives()).toBeLessThanOrEqual(4);
  });

  it('shows what each says of itself, and its task cut short', async () => {
    const { samples } = await look(fakeQueue([letter(7, 'no such page', 'x'.repeat(2_000))]));
    expect(samples).toEqual([
      {
        messageId: 'letter-7',
        reason: 'no such page',
        attempts: 5,
        error: { name: 'TypeError', message: 'as told' },
        firstSentAtMs: NOW_MS - 7,
        body: `${'x'.repeat(500)}…`,
      },
    ]);
  });

  it('knows those that SQS moved itself by their having no note', async () => {
    const queue = fakeQueue([{ messageId: 'l', body: '{}', attributes: {} }]);
    expect((await look(queue)).samples).toEqual([
      {
        messageId: 'l',
        reason: 'maxReceiveCount',
        attempts: 0,
        firstSentAtMs: NOW_MS - 60_000,
        body: '{}',
      },
    ]);
  });

  it('finds none where there are none', async () => {
    expect(await look(fakeQueue([]))).toEqual({ total: 0, sampled: 0, reasons: [], samples: [] });
  });
});
