import { beforeAll, describe, expect, it } from '@jest/globals';
import type { StatusRecord } from '../../../core/status-record.ts';
import { everyAttribute } from './live.ts';
import { consumerZip, sharedStage } from './shared-stage.ts';
import { documents, documentsOf, isSettled, type TestStage } from './test-stage.ts';

const pipelineId = 'bad';
const GOOD = { pipelineId, concurrency: 2, timeoutSeconds: 3 };

let stage: TestStage;
let before: { readonly status: StatusRecord; readonly attributes: unknown };
let rejected: StatusRecord;
beforeAll(async () => {
  stage = await sharedStage();
  const status = await stage.put(GOOD);
  before = { status, attributes: await everyAttribute(stage, pipelineId) };
  await stage.putConfigRecord({
    ...GOOD,
    concurrency: 0,
    batchSize: '5',
    visibilityTimeoutSeconds: 1,
    memroyMb: 512,
    environment: { AWS_REGION: 'eu-west-1' },
  });
  rejected = await stage.until(pipelineId, ({ phase }) => phase === 'Rejected');
}, 120_000);

describe('a bad record', () => {
  it.each([
    ['concurrency', { code: 'OutOfRange', given: '0' }],
    ['batchSize', { code: 'WrongType', given: expect.stringContaining('5') }],
    ['visibilityTimeoutSeconds', { code: 'Conflict', allowed: 'timeoutSeconds (3) or more', given: '1' }],
    ['environment.AWS_REGION', { code: 'NotAllowed' }],
    ['memroyMb', { code: 'UnknownField', hint: expect.stringContaining('memoryMb') }],
  ])('is Rejected with where, what is allowed, what was given, and what to do: %s', (path, said) => {
    const problem = rejected.error?.problems?.find((one) => one.path === path);
    expect(problem).toMatchObject(said);
    expect(problem?.allowed).toMatch(/\w/);
    expect(problem?.given).toMatch(/\w/);
    expect(problem?.hint).toMatch(/\w/);
    expect(rejected.error?.message).toContain(path);
  });

  it('leaves the running pipeline as it was, to the last attribute', async () => {
    expect(await everyAttribute(stage, pipelineId)).toEqual(before.attributes);
    const { applied, configHash, queueUrl, functionName, eventSourceMappingId } = before.status;
    expect(await stage.statuses.read(pipelineId)).toMatchObject({
      phase: 'Rejected',
      applied,
      configHash,
      queueUrl,
      functionName,
      eventSourceMappingId,
    });
  });

  it('leaves it working: it accepts tasks and they are done', async () => {
    const sinceMs = Date.now();
    await stage.sendTasks(pipelineId, 4);
    expect(documentsOf(await stage.done(pipelineId, 4, sinceMs))).toEqual(documents(4));
    expect((await stage.statuses.read(pipelineId))?.phase).toBe('Rejected');
  });

  it('that is put right is Active again', async () => {
    await stage.putConfigRecord({ ...GOOD, memoryMb: 512 });
    const status = await stage.until(pipelineId, isSettled);
    expect(status).toMatchObject({ phase: 'Active', applied: { wanted: { memoryMb: 512 } } });
    expect(status.error).toBeUndefined();
  }, 60_000);

  it('that is put back to what runs is Active again, without a change', async () => {
    const attributes = await everyAttribute(stage, pipelineId);
    await stage.putConfigRecord({ ...GOOD, memoryMb: 512, paused: 'yes' });
    await stage.until(pipelineId, ({ phase }) => phase === 'Rejected');
    await stage.putConfigRecord({ ...GOOD, memoryMb: 512 });
    expect((await stage.until(pipelineId, isSettled)).phase).toBe('Active');
    expect(await everyAttribute(stage, pipelineId)).toEqual(attributes);
  }, 60_000);

  it('that never was a good one makes nothing, and goes without a trace when deleted', async () => {
    await stage.putConfigRecord({ pipelineId: 'never-good', concurrency: 'two' });
    const status = await stage.until('never-good', ({ phase }) => phase === 'Rejected');
    expect(status).toMatchObject({ built: false, error: { path: 'concurrency' } });
    expect((await stage.remove('never-good')).built).toBe(false);
  }, 60_000);

  it('whose code is not there says so, and goes on by itself once it is', async () => {
    await stage.putConfigRecord({ pipelineId: 'no-code', codeKey: 'later.zip' });
    const status = await stage.until('no-code', ({ phase }) => phase === 'Rejected');
    expect(status.error).toMatchObject({ path: 'codeKey', code: 'Missing' });
    await stage.uploadCode('later.zip', await consumerZip('first'));
    expect((await stage.until('no-code', isSettled)).codeKey).toBe('later.zip');
  }, 60_000);
});
