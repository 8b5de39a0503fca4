import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import type { ReleaseRecord } from '../../../../core/release/record.ts';
import { createCodeDesk } from '../../../../operator/desk/code.ts';
import { type FakeAws, startFakeAws } from '../../aws/fake-aws.ts';
import { stageOfFakes } from './stage-of-fakes.ts';

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
});
afterEach(() => aws.stop());

const zipOf = (...names: readonly string[]) =>
  zipSync(Object.fromEntries(names.map((name) => [name, new TextEncoder().encode('export {}')])));
const settings = (Variables: Readonly<Record<string, string>>) => ({ body: { Environment: { Variables } } });
const push = (zip: Uint8Array) =>
  createCodeDesk(stageOfFakes({ clients: aws.clients })).pushCode('crawler.zip', zip);

describe('code that is pushed', () => {
  it('goes to the code bucket, and has the version that S3 gave it', async () => {
    aws.replyWith(settings({}), { headers: { 'x-amz-version-id': 'v7' } });
    expect(await push(zipOf('index.mjs'))).toEqual({ codeKey: 'crawler.zip', version: 'v7' });
    expect(aws.seen[1]?.call).toMatch(/^PUT \/the-CodeBucket\/crawler\.zip/);
  });

  it('is not uploaded where the stage would reject it', async () => {
    aws.replyWith(settings({}));
    await expect(push(zipOf('handler.txt'))).rejects.toMatchObject({
      code: 'Invalid',
      problems: [{ path: 'zip', allowed: expect.stringContaining('index.mjs') }],
    });
    expect(aws.seen).toHaveLength(1);
  });

  it('is checked by how the stage starts its consumers', async () => {
    aws.replyWith(settings({ CONSUMER_HANDLER: 'tasks.main', CONSUMER_RUNTIME: 'python3.13' }));
    expect((await push(zipOf('tasks.py'))).codeKey).toBe('crawler.zip');
  });

  it('is no zip: that is said before anything is uploaded', async () => {
    aws.replyWith(settings({}));
    await expect(push(new Uint8Array(100))).rejects.toMatchObject({ code: 'Invalid' });
  });
});

describe('releases', () => {
  const release = (version: string, startedAt: string) => ({ version, startedAt }) as ReleaseRecord;
  const [old, middle, young] = [
    release('1', '2026-01-01T00:00:00Z'),
    release('2', '2026-02-01T00:00:00Z'),
    release('3', '2026-03-01T00:00:00Z'),
  ] as const;

  it('are listed the newest first, all pages of them', async () => {
    const page = async (cursor: string | undefined) =>
      cursor === undefined ? { items: [middle, old], cursor: 'more' } : { items: [young] };
    const desk = createCodeDesk(stageOfFakes({ ports: { releases: { page } } }));
    expect(await desk.rollouts()).toEqual([young, middle, old]);
  });

  it('of one key are asked for by it', async () => {
    const ofKey = async (key: string) => (key === 'crawler.zip' ? [old, young] : []);
    const desk = createCodeDesk(stageOfFakes({ ports: { releases: { ofKey } } }));
    expect(await desk.rollouts('crawler.zip')).toEqual([young, old]);
  });

  it('are steered by the stage’s own function', async () => {
    const stage = stageOfFakes({});
    await createCodeDesk(stage).steerRollout({ action: 'pause', version: 'v7' });
    expect(stage.called).toEqual([
      { name: 'sluice-dev-rollout-control', input: { action: 'pause', version: 'v7' } },
    ]);
  });
});
