import { describe, expect, it } from '@jest/globals';
import type { SalvagedMessage } from '../../aws/ports.ts';
import { allPages, freshId, type GetWorld } from './world.ts';

export function describeStorage(world: GetWorld): void {
  describe('salvage store', () => {
    const salvage = () => world().ports.salvage;

    it('gives back what it was given, line for line', async () => {
      const messages = [
        message('1', 'a\nb'),
        { ...message('2', '{"ü":"\u2028"}'), from: 'deadLetterQueue' as const },
      ];
      const key = await salvage().write(freshId(), 'part', messages);
      expect(await salvage().read(key)).toEqual(messages);
    });

    it('lists the parts of one pipeline with their counts, and no other', async () => {
      const id = freshId();
      const keys = [
        await salvage().write(id, 'a', [message('1')]),
        await salvage().write(id, 'b', [message('2'), message('3')]),
      ];
      await salvage().write(`${id}x`, 'a', [message('4')]);
      const parts = await allPages((cursor) => salvage().page(id, cursor));
      expect(parts).toEqual([
        { key: keys[0], count: 1 },
        { key: keys[1], count: 2 },
      ]);
      expect(salvage().uri(id)).toMatch(new RegExp(`^s3://[^/]+/.*${id}/$`));
      for (const key of keys)
        expect(
          salvage()
            .uri(id)
            .endsWith(key.slice(0, key.lastIndexOf('/') + 1)),
        ).toBe(true);
    });

    it('replaces a part that is written again', async () => {
      const id = freshId();
      await salvage().write(id, 'a', [message('1')]);
      const key = await salvage().write(id, 'a', [message('2')]);
      expect(await allPages((cursor) => salvage().page(id, cursor))).toEqual([{ key, count: 1 }]);
      expect(await salvage().read(key)).toEqual([message('2')]);
    });

    it('forgets what is deleted, however often', async () => {
      const id = freshId();
      const key = await salvage().write(id, 'a', [message('1')]);
      await salvage().delete(key);
      await salvage().delete(key);
      expect(await allPages((cursor) => salvage().page(id, cursor))).toEqual([]);
      await expect(salvage().read(key)).rejects.toMatchObject({ name: 'AwsError', retryable: false });
    });
  });

  describe('executions', () => {
    it('starts one execution for a name', async () => {
      const { executions } = world().ports;
      const [name, other] = [`run-${freshId()}`, `run-${freshId()}`];
      const input = { pipelineId: freshId(), verify: false, reason: 'test' };
      expect(await executions.start(name, input)).toBe('started');
      expect(await executions.start(name, { ...input, verify: true })).toBe('already');
      expect(await executions.start(other, input)).toBe('started');
    });
  });
}

function message(messageId: string, body = 'body'): SalvagedMessage {
  return {
    messageId,
    from: 'queue',
    body,
    attributes: { kind: { type: 'String', value: 'x' } },
    receiveCount: 1,
    sentAtMs: 1_800_000_000_000,
  };
}
