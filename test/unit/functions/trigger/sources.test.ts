import { describe, expect, it } from '@jest/globals';
import { shardOf } from '../../../../core/burst/place.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { attempt, copies, faultsAt, insistently } from '../burst/sending/attempts.ts';
import { partsIdIn } from '../burst-record.ts';
import { messagesOf, stageWith } from '../simulated-stage.ts';

const PAUSED = { pipelineId: 'a', paused: true };
const source = { bucket: 'uploads', key: 'tasks.jsonl' };

function put(world: World, lines: readonly string[], end = '\n'): void {
  world.taskObjects.put(source.bucket, source.key, lines.join('\n') + end);
}

async function failureOf(world: World, input: object) {
  const end = await attempt(world, input);
  return end.kind === 'failed' ? end.error : end;
}

describe('a burst whose tasks stand in an object', () => {
  it('is sent line by line, as the lines are', async () => {
    const world = await stageWith(PAUSED);
    const lines = Array.from({ length: 1_200 }, (_, at) => `{"document": ${at}, "name": "é${at}"}`);
    put(world, lines, '');
    const result = await insistently(world, { pipelineId: 'a', source });
    expect(result).toMatchObject({ state: 'sent', total: 1_200, accepted: 1_200, failed: [] });
    const sent = messagesOf(world, 'a').map(({ attributes, body }) => ({
      index: Number(attributes['sluice-index']?.value),
      body,
    }));
    expect(sent.sort((a, b) => a.index - b.index).map(({ body }) => body)).toEqual(lines);
  });

  it('refuses lines that are no JSON and bodies of more than a mebibyte by index, before anything is sent', async () => {
    const world = await stageWith({ ...PAUSED, maxBacklog: 1 });
    const large = JSON.stringify('x'.repeat(1_048_576));
    // Two can be sent; one fits.
    put(world, ['1', '{', '', large, 'nonsense', '2']);
    expect(await failureOf(world, { pipelineId: 'a', source })).toMatchObject({ code: 'Backlog' });
    put(world, ['1', '{', '', large, 'nonsense']);
    const result = await insistently(world, { pipelineId: 'a', source, burstId: 'b' });
    expect(result).toMatchObject({ total: 4, accepted: 1, notAccepted: 3 });
    expect(result.failed).toEqual([
      { index: 1, code: 'InvalidJson' },
      { index: 2, code: 'TooLarge' },
      { index: 3, code: 'InvalidJson' },
    ]);
    expect(messagesOf(world, 'a').map(({ body }) => body)).toEqual(['1']);
    // And they count as over.
    const shard = world.bursts.readShards(partsIdIn(world, 'b'), [0]).get(shardOf(0));
    expect([...(shard?.refused ?? [])]).toEqual([1, 2, 3]);
    expect(world.bursts.read('b')).toMatchObject({ state: 'Sent', refusals: result.failed });
  });

  it('goes on after crashes within the object, whatever stands in it', async () => {
    const lines = Array.from({ length: 11_000 }, (_, at) =>
      at % 97 === 5 ? 'nonsense' : at % 301 === 7 ? '' : `{"estimatedSeconds": ${1 + (at % 9)}, "n": ${at}}`,
    );
    const good = lines.filter((line) => line.startsWith('{'));
    const bad = lines.filter((line) => line === 'nonsense').length;
    for (const spread of [undefined, { minSeconds: 0, maxSeconds: 600 }]) {
      const world = await stageWith({ ...PAUSED, timeoutSeconds: 100 });
      put(world, lines);
      faultsAt(world, new Map([40, 400, 1_000].map((call) => [call, 'crashAfter'])));
      const result = await insistently(world, { pipelineId: 'a', source, spread });
      expect(result).toMatchObject({ accepted: good.length, notAccepted: bad });
      expect(copies(world, 'a').size).toBe(good.length);
      const bodies = new Set(messagesOf(world, 'a').map(({ body }) => body));
      expect(bodies).toEqual(new Set(good));
    }
  });

  it('is refused where there is no such object', async () => {
    const world = await stageWith(PAUSED);
    const refused = await failureOf(world, { pipelineId: 'a', source });
    expect(refused).toMatchObject({ name: 'UnknownSource', retryable: false });
    expect(String(refused)).toContain('s3://uploads/tasks.jsonl');
    expect(String(refused)).toContain('sourceBuckets');
  });

  it('is another burst once the object is another one', async () => {
    const world = await stageWith(PAUSED);
    put(world, ['1']);
    await insistently(world, { pipelineId: 'a', source, burstId: 'b' });
    put(world, ['1', '2']);
    expect(await failureOf(world, { pipelineId: 'a', source, burstId: 'b' })).toMatchObject({
      code: 'BurstIdTaken',
    });
    // Gone, it may still be asked for.
    world.taskObjects.objects.clear();
    const again = await insistently(world, { pipelineId: 'a', source, burstId: 'b' });
    expect(again).toMatchObject({ state: 'sent', accepted: 1 });
  });
});
