import { describe, expect, it } from '@jest/globals';
import type { QueueState } from '../../aws/ports.ts';
import type { QueueChange } from '../../core/lifecycle/differences.ts';
import type { QueueSpec } from '../../core/lifecycle/target.ts';
import { ownerTags, pipelineNames } from '../../core/names.ts';
import {
  allPages,
  type Capabilities,
  eventually,
  freshId,
  type GetWorld,
  itWhere,
  type PortWorld,
} from './world.ts';

const MINUTE_MS = 60_000;

export function describeQueues(world: GetWorld, capabilities: Capabilities): void {
  const queues = () => world().ports.queues;

  describe('task queues', () => {
    it('creates a queue as specified, with its tags, open and empty', async () => {
      const { spec, url, deadLetterQueueArn } = await makePair(world());
      const state = await queues().read(url);
      expect(state).toMatchObject({
        url,
        visibilityTimeoutSeconds: 180,
        messageRetentionSeconds: 345_600,
        redrive: { deadLetterQueueArn, maxReceiveCount: 50 },
        closed: false,
        counts: { visible: 0, delayed: 0, inFlight: 0 },
      });
      expect(state?.arn).toMatch(new RegExp(`:${spec.name}$`));
      expect(await queues().tags(url)).toEqual(spec.tags);
      expect(await queues().find(spec.name)).toBe(url);
    });

    it('leaves a redrive out where none is wanted', async () => {
      const url = await makeQueue(world(), bareSpec(world()));
      expect(await queues().read(url)).not.toHaveProperty('redrive');
    });

    it('answers the same queue when it is created again', async () => {
      const { spec, url } = await makePair(world());
      expect(await queues().create(spec)).toEqual({ kind: 'created', url });
    });

    it('answers differs where a queue of the name has other attributes, and leaves it alone', async () => {
      const spec = bareSpec(world());
      const url = await makeQueue(world(), spec);
      expect(await queues().create({ ...spec, visibilityTimeoutSeconds: 999 })).toEqual({ kind: 'differs' });
      expect((await queues().read(url))?.visibilityTimeoutSeconds).toBe(spec.visibilityTimeoutSeconds);
    });

    it.each<[string, QueueChange]>([
      ['visibility timeout', { visibilityTimeoutSeconds: 240 }],
      ['retention', { messageRetentionSeconds: 1_209_600 }],
      ['closed', { closed: true }],
      ['several at once', { visibilityTimeoutSeconds: 60, messageRetentionSeconds: 60, closed: true }],
    ])('changes what is named and nothing else: %s', async (_what, change) => {
      const { url } = await makePair(world());
      const before = await queues().read(url);
      expect(await queues().change(url, change)).toBe('done');
      expect(await queues().read(url)).toEqual({ ...before, ...change });
    });

    it('changes the redrive', async () => {
      const { url, deadLetterQueueArn } = await makePair(world());
      const redrive = { deadLetterQueueArn, maxReceiveCount: 7 };
      await queues().change(url, { redrive });
      expect((await queues().read(url))?.redrive).toEqual(redrive);
    });

    it('closes and opens a queue, each as often as asked', async () => {
      const url = await makeQueue(world(), bareSpec(world()));
      for (const closed of [true, true, false, false, true, false]) {
        expect(await queues().change(url, { closed })).toBe('done');
        expect((await queues().read(url))?.closed).toBe(closed);
      }
    });

    it('says that what was deleted is gone', async () => {
      const spec = bareSpec(world());
      const url = await makeQueue(world(), spec);
      expect(await queues().delete(url)).toBe('deleted');
      await eventually(world(), async () => (await queues().find(spec.name)) === undefined, MINUTE_MS);
      expect(await queues().read(url)).toBeUndefined();
      expect(await queues().tags(url)).toBeUndefined();
      expect(await queues().change(url, { visibilityTimeoutSeconds: 9 })).toBe('gone');
      expect(await queues().change(url, { closed: true })).toBe('gone');
      expect(await queues().delete(url)).toBe('gone');
    });

    it('finds nothing under a name that was never used', async () => {
      expect(await queues().find(bareSpec(world()).name)).toBeUndefined();
    });

    itWhere(capabilities.blocksDeletedNames)('blocks a deleted name for a minute', async () => {
      const spec = bareSpec(world());
      await queues().delete(await makeQueue(world(), spec));
      expect(await queues().create(spec)).toEqual({ kind: 'nameBlocked' });
      await world().advance(MINUTE_MS + 1_000);
      expect(await queues().create(spec)).toMatchObject({ kind: 'created' });
    });

    it('pages through the queues of a prefix and no others', async () => {
      const prefix = `${pipelineNames(world().stage, freshId()).queue}-`;
      const urls: string[] = [];
      for (let n = 0; n < 5; n += 1)
        urls.push(await makeQueue(world(), { ...bareSpec(world()), name: `${prefix}${n}` }));
      await makeQueue(world(), bareSpec(world()));
      const seen = await allPages((cursor) => queues().page(prefix, cursor));
      expect(seen.sort()).toEqual(urls.sort());
    });

    it('has no redrive to cancel where none runs', async () => {
      const { deadLetterQueueArn } = await makePair(world());
      await expect(queues().cancelRedrives(deadLetterQueueArn)).resolves.toBeUndefined();
    });
  });
}

/** A queue of a pipeline of its own, without a dead-letter queue. */
export function bareSpec(world: PortWorld): QueueSpec {
  const id = freshId();
  return {
    name: pipelineNames(world.stage, id).queue,
    visibilityTimeoutSeconds: 30,
    messageRetentionSeconds: 345_600,
    tags: ownerTags(world.stage, id),
  };
}

export async function makeQueue(world: PortWorld, spec: QueueSpec): Promise<string> {
  const answer = await world.ports.queues.create(spec);
  if (answer.kind !== 'created') throw new Error(`${spec.name}: ${answer.kind}`);
  if (world.capabilities.delaysNewQueues) await world.advance(1_000);
  return answer.url;
}

export async function readQueue(world: PortWorld, url: string): Promise<QueueState> {
  const state = await world.ports.queues.read(url);
  if (!state) throw new Error(`${url} is gone`);
  return state;
}

/** A queue and its dead-letter queue. */
export async function makePair(world: PortWorld, maxReceiveCount = 50) {
  const base = bareSpec(world);
  const deadLetterUrl = await makeQueue(world, { ...base, name: `${base.name}-dlq` });
  const { arn: deadLetterQueueArn } = await readQueue(world, deadLetterUrl);
  const spec: QueueSpec = {
    ...base,
    visibilityTimeoutSeconds: 180,
    redrive: { deadLetterQueueArn, maxReceiveCount },
  };
  return { spec, url: await makeQueue(world, spec), deadLetterUrl, deadLetterQueueArn };
}
