import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { rolloutName } from '../../../core/release/record.ts';
import { quickRelease, untilRelease } from './releases.ts';
import { sharedStage } from './shared-stage.ts';
import type { TestStage } from './test-stage.ts';

// A key of its own: nobody else's pipelines follow it.
const codeKey = 'waves.zip';
const FOLLOWERS = [
  { pipelineId: 'wave-canary', codeKey, canary: true, timeoutSeconds: 1 },
  { pipelineId: 'wave-one', codeKey, timeoutSeconds: 1 },
  { pipelineId: 'wave-two', codeKey, timeoutSeconds: 1 },
];
const IDS = FOLLOWERS.map(({ pipelineId }) => pipelineId);
const PINNED = 'wave-pinned';

let stage: TestStage;
let first: string;
let second: string;
beforeAll(async () => {
  stage = await sharedStage();
  first = await stage.uploadCode(codeKey, quickRelease('first'));
  await Promise.all([
    ...FOLLOWERS.map((record) => stage.put(record)),
    stage.put({ pipelineId: PINNED, codeKey, codeVersion: first, timeoutSeconds: 1 }),
  ]);
}, 120_000);

const read = async (pipelineId: string) => (await stage.statuses.read(pipelineId)) ?? { codeSinceMs: 0 };
const versionOf = async (pipelineId: string) => (await stage.statuses.read(pipelineId))?.codeVersion;
const versions = async () => Promise.all([...IDS, PINNED].map(versionOf));

describe('an upload of consumer code', () => {
  it('goes to the pipeline marked canary, then to all that follow its key, and to none that is pinned', async () => {
    second = await stage.uploadCode(codeKey, quickRelease('second'));
    const record = await untilRelease(stage, codeKey, second, ({ state }) => state === 'Done');
    expect(record).toMatchObject({ from: first, counts: { moved: 3, pinned: 1, failed: 0, waiting: 0 } });
    expect(record.waves.map(({ pipelines }) => pipelines)).toEqual([1, 2]);
    expect(record.sha256).toMatch(/./);
    expect(await versions()).toEqual([second, second, second, first]);

    const [canary = 0, ...others] = await Promise.all(
      IDS.map(async (pipelineId) => (await read(pipelineId)).codeSinceMs ?? 0),
    );
    expect(Math.min(...others)).toBeGreaterThan(canary);
  }, 60_000);

  it('changes nothing when it is told of again, nor when an older one is told late', async () => {
    const look = async () => ({
      releases: await stage.ports.releases.ofKey(codeKey),
      statuses: await Promise.all([...IDS, PINNED].map(read)),
      rollouts: await rolloutsOf(first, second),
    });
    const before = await look();
    expect(before.rollouts).toHaveLength(2);
    for (const version of [second, second, first]) {
      await stage.call('sluice-test-code-listener', uploadEvent(version));
    }
    expect(await look()).toEqual(before);
  }, 30_000);

  it('goes back by hand, from everybody who has it, and says why', async () => {
    const asked = { action: 'rollback', codeKey, reason: 'the figures look wrong' };
    const answer = await control(asked);
    expect(answer).toMatchObject({ version: second, state: 'RolledBack' });
    const record = await untilRelease(stage, codeKey, second, ({ returned }) => returned === true);
    expect(record).toMatchObject({
      state: 'RolledBack',
      reason: asked.reason,
      evidence: [{ what: 'byHand', message: asked.reason }],
    });
    expect(await versions()).toEqual([first, first, first, first]);
    expect(await control(asked)).toMatchObject({ state: 'RolledBack' });
    await expect(control({ action: 'pause', codeKey })).rejects.toMatchObject({ code: 'NotPossible' });
  }, 60_000);

  it('once it has been rolled back, is not what a new pipeline gets', async () => {
    expect(await stage.put({ pipelineId: 'wave-late', codeKey })).toMatchObject({ codeVersion: first });
  }, 30_000);
});

function control(input: object): Promise<unknown> {
  return stage.call(stage.outputs.RolloutControlFunction ?? '', input);
}

/** What the code listener gets from S3 through the topic. */
function uploadEvent(versionId: string) {
  const bucket = { name: stage.outputs.CodeBucket };
  const event = {
    Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket, object: { key: codeKey, versionId } } }],
  };
  return { Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify(event) } }] };
}

/** The executions that have driven these releases. */
async function rolloutsOf(...releases: readonly string[]): Promise<string[]> {
  const command = new ListExecutionsCommand({ stateMachineArn: stage.outputs.CodeRolloutArn });
  const { executions = [] } = await stage.clients.sfn.send(command);
  const names = releases.map((version) => rolloutName({ key: codeKey, version }));
  return executions
    .map(({ name = '' }) => name)
    .filter((name) => names.some((own) => name.startsWith(own)))
    .sort();
}
