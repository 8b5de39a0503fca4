import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { bareSpec, makeQueue } from '../ports/task-queues.ts';
import { freshId } from '../ports/world.ts';
import { makeEmulatorWorld } from './emulator-world.ts';

jest.setTimeout(60_000);

let made: Awaited<ReturnType<typeof makeEmulatorWorld>>;
beforeAll(async () => {
  made = await makeEmulatorWorld();
}, 120_000);
afterAll(async () => {
  await made?.stop();
});

describe('what people put there', () => {
  it('does not spoil a page of records: numbers that JavaScript cannot hold', async () => {
    const { documents } = made.clients;
    const { configs } = made.world.ports;
    const pipelineId = freshId();
    for (const N of ['1E+40', '12345678901234567890', '0.1234567890123456789', '-1E+120']) {
      const Item = {
        pipelineId: { S: pipelineId },
        concurrency: { N },
        tags: { SS: ['a'] },
        blob: { B: Buffer.from('x') },
      };
      await documents.send(new PutItemCommand({ TableName: 'pipelines', Item }));
      expect(await configs.read(pipelineId)).toMatchObject({ pipelineId, concurrency: Number(N) });
      expect((await configs.page(undefined, 10)).items).toContainEqual(await configs.read(pipelineId));
    }
  });

  it('stays in a queue policy: statements of others', async () => {
    const { sqs } = made.clients;
    const { queues } = made.world.ports;
    const url = await makeQueue(made.world, bareSpec(made.world));
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Partner', Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' },
      ],
    });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }));
    expect((await queues.read(url))?.closed).toBe(false);
    await queues.change(url, { closed: true });
    expect((await queues.read(url))?.closed).toBe(true);
    await queues.change(url, { closed: false });
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Policy'] }),
    );
    expect(JSON.parse(Attributes?.Policy ?? '{}')).toEqual(JSON.parse(Policy));
  });
});
