import { describe, expect, it } from '@jest/globals';
import { NotYet } from '../../../../core/lifecycle/outcome.ts';
import { type ReleaseLine, releaseFact } from '../../../../core/release/line.ts';
import { type ReleaseRecord, rolloutName } from '../../../../core/release/record.ts';
import { type AdmittedCode, readCode } from '../../../../functions/pipeline-lifecycle/read-code.ts';
import type { Behaviour } from '../../../../lab/simulator/world/code-bucket.ts';
import { CODE_KEY, type World } from '../../../../lab/simulator/world/world.ts';
import { settledStatus, target, wantedOf } from '../../core/lifecycle/records.ts';
import { releaseRecord } from '../release-record.ts';
import { run, stageWith } from '../simulated-stage.ts';

const EVERYBODY = { version: 'v2', reach: 1, canaries: true };
const CANARIES = { version: 'v2', reach: 0, canaries: true };
const RELEASE = { key: CODE_KEY, version: 'v1' };

/** A stage with this line; v1 is in the bucket. */
async function stageOf(line?: ReleaseLine): Promise<World> {
  const world = await stageWith();
  if (line !== undefined) world.ledgers.write(releaseFact(CODE_KEY), line, 0);
  return world;
}

/** What a pipeline gets that was last given this version, if any. */
async function codeFor(
  world: World,
  fields: Record<string, unknown> = {},
  has?: string,
): Promise<AdmittedCode> {
  const status = has === undefined ? undefined : settledStatus({ applied: target({}, { version: has }) });
  return run(world, (ports) => readCode(wantedOf(fields), status, ports, world.settings));
}

const version = (answer: AdmittedCode) =>
  answer.kind === 'code' ? answer.code.version : answer.problem.given;

describe('the code of a pipeline', () => {
  it.each<[string, ReleaseLine, Record<string, unknown>, string | undefined, string]>([
    ['is the stable release', { stable: 'v1', kept: [] }, {}, undefined, 'v1'],
    ['is that also where it has another', { stable: 'v1', kept: [] }, {}, 'v0', 'v1'],
    [
      'is the one on its way once that has reached it',
      { stable: 'v1', next: EVERYBODY, kept: [] },
      {},
      'v1',
      'v2',
    ],
    ['is not that before', { stable: 'v1', next: CANARIES, kept: [] }, {}, 'v1', 'v1'],
    [
      'is that at once for a canary',
      { stable: 'v1', next: CANARIES, kept: [] },
      { canary: true },
      'v1',
      'v2',
    ],
    ['is what it has where that is kept', { stable: 'v1', next: CANARIES, kept: ['v0'] }, {}, 'v0', 'v0'],
    ['is not what others keep', { stable: 'v1', kept: ['v0'] }, {}, undefined, 'v1'],
  ])('%s', async (_title, line, fields, has, expected) => {
    expect(version(await codeFor(await stageOf(line), fields, has))).toBe(expected);
  });

  it('is never simply what is newest: that may not have been tried, or have been rolled back', async () => {
    const world = await stageOf({ stable: 'v1', kept: [] });
    world.code.put(CODE_KEY, 'v2');
    world.releases.write(releaseRecord({ state: 'RolledBack', returned: true }));
    expect(version(await codeFor(world))).toBe('v1');
    expect(world.rollouts.started.size).toBe(0);
  });

  it('is its pin, wherever releases stand', async () => {
    const world = await stageOf({ stable: 'v2', next: { ...EVERYBODY, version: 'v3' }, kept: [] });
    expect(version(await codeFor(world, { codeVersion: 'v1' }, 'v2'))).toBe('v1');
  });

  it('is its pin also where that is gone from the bucket, if it runs already', async () => {
    const world = await stageOf();
    world.code.deleteVersion(CODE_KEY, 'v1');
    expect(version(await codeFor(world, { codeVersion: 'v1' }, 'v1'))).toBe('v1');
    const answer = await codeFor(world, { codeVersion: 'v1' });
    expect(answer).toMatchObject({
      kind: 'none',
      problem: {
        path: 'codeVersion',
        code: 'Missing',
        given: 'consumer.zip in version v1, which is not there',
      },
    });
  });

  it('is missing where nothing was uploaded, and says what to do', async () => {
    const world = await stageOf();
    world.code.remove(CODE_KEY);
    expect(await codeFor(world)).toEqual({
      kind: 'none',
      problem: {
        path: 'codeKey',
        code: 'Missing',
        allowed: 'code in the bucket code-of-sim',
        given: 'consumer.zip, which is not there',
        hint: 'upload the consumer code to s3://code-of-sim/consumer.zip; it is tried again by itself',
      },
    });
  });
});

describe('a pipeline whose key has no release yet', () => {
  it('starts the rollout of what was uploaded, and waits for it', async () => {
    const world = await stageOf();
    await expect(codeFor(world)).rejects.toThrow(NotYet);
    expect([...world.rollouts.started]).toEqual([[rolloutName(RELEASE), RELEASE]]);
    await expect(codeFor(world)).rejects.toThrow(NotYet);
    expect(world.rollouts.started.size).toBe(1);
  });

  it('waits while that is tried, and then gets it', async () => {
    const world = await stageWith({ pipelineId: 'a' }, { pipelineId: 'b' });
    for (const id of ['a', 'b']) {
      expect(world.statuses.read(id)).toMatchObject({ phase: 'Active', codeVersion: 'v1' });
    }
    expect(world.rollouts.started.size).toBe(1);
    expect(world.releases.read(CODE_KEY, 'v1')?.state).toBe('Done');
  });

  it.each<[string, Partial<ReleaseRecord>, string]>([
    ['rejected', { state: 'Rejected', reason: 'no zip' }, 'whose release is Rejected: no zip'],
    ['aborted', { state: 'Aborted' }, 'whose release is Aborted'],
    ['paused', { state: 'Checking', paused: true }, 'whose rollout is paused'],
  ])('is told why it gets none where that is %s', async (_title, fields, why) => {
    const world = await stageOf();
    world.releases.write(releaseRecord({ version: 'v1', ...fields }));
    expect(version(await codeFor(world))).toBe(`consumer.zip, ${why}`);
    expect(world.rollouts.started.size).toBe(0);
  });

  it('is rejected with the reason where the release is bad, and made as soon as a good one is there', async () => {
    const world = await stageOf();
    const bad: Behaviour = { trialFails: 'Cannot find module x' };
    world.upload(CODE_KEY, 'v2', bad);
    world.configs.put('a', { pipelineId: 'a' });
    await world.pass(60);
    expect(world.statuses.read('a')).toMatchObject({
      phase: 'Rejected',
      error: {
        path: 'codeKey',
        code: 'Missing',
        message: expect.stringMatching(/Rejected: .*Cannot find module x/),
      },
    });
    world.upload(CODE_KEY, 'v3');
    await world.pass(90);
    expect(world.statuses.read('a')).toMatchObject({ phase: 'Active', codeVersion: 'v3' });
  });
});
