import { beforeAll, describe, expect, it } from '@jest/globals';
import { everyAttribute } from './live.ts';
import { consumerZip, sharedStage } from './shared-stage.ts';
import { documents, documentsOf, isSettled, type TestStage } from './test-stage.ts';

// A key of its own: an upload under it reaches no pipeline of another test.
const codeKey = 'rolling.zip';
const FOLLOWER = { pipelineId: 'follows', codeKey, timeoutSeconds: 5 };
const PINNED = { pipelineId: 'pinned', codeKey, timeoutSeconds: 5 };

let stage: TestStage;
let first: string;
let second: string;
beforeAll(async () => {
  stage = await sharedStage();
  first = await stage.uploadCode(codeKey, await consumerZip('first'));
  await Promise.all([
    stage.put(FOLLOWER),
    stage.put({ ...PINNED, codeVersion: first }),
    stage.put({ pipelineId: 'other-key', timeoutSeconds: 5 }),
  ]);
}, 120_000);

describe('an upload of consumer code', () => {
  it('reaches a pipeline that follows its key, at work, without losing or repeating a task', async () => {
    const before = await digests('follows', 'pinned', 'other-key');
    const pinned = await everyAttribute(stage, 'pinned');
    const sinceMs = Date.now();
    await stage.sendTasks('follows', 16, { seconds: 0.5 });
    await stage.done('follows', 1, sinceMs);

    second = await stage.uploadCode(codeKey, await consumerZip('second'));
    expect(second).not.toBe(first);
    await stage.until('follows', (status) => isSettled(status) && status.codeVersion === second);
    await stage.sendTasks('follows', 1);
    const done = await stage.done('follows', 17, sinceMs);
    expect(documentsOf(done)).toEqual([1, ...documents(16)]);
    expect(done[0]?.release).toBe(1);
    expect(done.at(-1)?.release).toBe(2);

    const after = await digests('follows', 'pinned', 'other-key');
    expect(after.follows).not.toBe(before.follows);
    expect(after).toEqual({ ...before, follows: after.follows });
    expect(await everyAttribute(stage, 'pinned')).toEqual(pinned);
  }, 90_000);

  it('passes by a pipeline that is pinned, until its pin goes', async () => {
    expect(await releaseOf('pinned')).toBe(1);
    const status = await stage.put(PINNED);
    expect(status.codeVersion).toBe(second);
    expect(await releaseOf('pinned')).toBe(2);
  }, 60_000);

  it('serves a pipeline that is made after it', async () => {
    await stage.put({ ...FOLLOWER, pipelineId: 'made-later' });
    expect(await releaseOf('made-later')).toBe(2);
  }, 60_000);
});

describe('an edit of the code', () => {
  it('to an older version goes back to it, and changes nothing but the code', async () => {
    const { codeSha256: _before, ...before } = (await stage.ports.functions.read(nameOf('follows'))) ?? {};
    const status = await stage.put({ ...FOLLOWER, codeVersion: first });
    expect(status).toMatchObject({ phase: 'Active', codeKey, codeVersion: first });
    const { codeSha256: _after, ...after } = (await stage.ports.functions.read(nameOf('follows'))) ?? {};
    expect(after).toEqual(before);
    expect(await releaseOf('follows')).toBe(1);
  }, 60_000);

  it('to another key runs what is there', async () => {
    const status = await stage.put({ ...FOLLOWER, pipelineId: 'other-key' });
    expect(status).toMatchObject({ codeKey, codeVersion: second });
    expect(await releaseOf('other-key')).toBe(2);
  }, 60_000);

  it('to a version that is not there is Rejected and leaves the old code running', async () => {
    await stage.putConfigRecord({ ...FOLLOWER, codeVersion: 'never-uploaded' });
    const status = await stage.until('follows', ({ phase }) => phase === 'Rejected');
    expect(status).toMatchObject({ codeVersion: first, error: { path: 'codeVersion', code: 'Missing' } });
    expect(await releaseOf('follows')).toBe(1);
  }, 60_000);
});

const nameOf = (pipelineId: string) => `sluice-pipe-test-${pipelineId}`;

async function digests(...pipelineIds: string[]): Promise<Record<string, string | undefined>> {
  const read = async (id: string) => (await stage.ports.functions.read(nameOf(id)))?.codeSha256;
  return Object.fromEntries(await Promise.all(pipelineIds.map(async (id) => [id, await read(id)])));
}

/** The release that works off a task sent now. */
async function releaseOf(pipelineId: string): Promise<number | undefined> {
  const sinceMs = Date.now();
  await stage.sendTasks(pipelineId, 1);
  return (await stage.done(pipelineId, 1, sinceMs)).at(-1)?.release;
}
