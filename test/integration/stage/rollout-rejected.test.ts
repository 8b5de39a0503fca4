import { beforeAll, describe, expect } from '@jest/globals';
import { trialFunction } from '../../../core/names.ts';
import { releaseFingerprint } from '../../../core/release/record.ts';
import { everyAttribute } from './live.ts';
import { quickRelease, untilRelease, zipOf } from './releases.ts';
import { sharedStage } from './shared-stage.ts';
import { sideBySide } from './side-by-side.ts';
import { isSettled, type TestStage } from './test-stage.ts';

let stage: TestStage;
beforeAll(async () => {
  stage = await sharedStage();
}, 120_000);

/** Uploads a bad release over a good one that a pipeline runs; answers why it was rejected. */
async function rejection(codeKey: string, bad: Uint8Array): Promise<{ reason: string; version: string }> {
  const pipelineId = codeKey.replace('.zip', '');
  const good = await stage.uploadCode(codeKey, quickRelease('good'));
  await stage.put({ pipelineId, codeKey });
  const look = async () => ({
    attributes: await everyAttribute(stage, pipelineId),
    status: await stage.statuses.read(pipelineId),
  });
  const before = await look();
  expect(before.status?.codeVersion).toBe(good);

  const version = await stage.uploadCode(codeKey, bad);
  const record = await untilRelease(stage, codeKey, version, ({ state }) => state === 'Rejected');
  expect(record).toMatchObject({ waves: [], endedAt: expect.any(String) });
  expect(await look()).toEqual(before);
  return { reason: record.reason ?? '', version };
}

describe('an upload', () => {
  sideBySide(
    {
      'without the handler is Rejected with the name of its file, and no pipeline changes': async () => {
        const { reason } = await rejection(
          'no-handler.zip',
          zipOf({ 'main.mjs': 'export const handler = 1;' }),
        );
        expect(reason).toContain('index.mjs');
      },

      'that is no zip is Rejected as such, and no pipeline changes': async () => {
        const { reason } = await rejection('no-zip.zip', new TextEncoder().encode('not a zip at all'));
        expect(reason).toMatch(/zip archive/);
      },

      'whose trial throws is Rejected with what was thrown; its trial leaves no function': async () => {
        const codeKey = 'throws.zip';
        const { reason, version } = await rejection(
          codeKey,
          zipOf({
            'index.mjs': "export const handler = async () => { throw new Error('no colour is set'); };",
          }),
        );
        expect(reason).toContain('no colour is set');
        const trial = trialFunction('test', releaseFingerprint({ key: codeKey, version }));
        expect(await stage.ports.functions.read(trial)).toBeUndefined();
      },

      'that leaves tasks of its smoke event undone is Rejected': async () => {
        const smoke = { Records: [{ messageId: 'm1', body: '{}' }] };
        const { reason } = await rejection(
          'undone.zip',
          zipOf({
            'index.mjs': `export const handler = async ({ Records }) =>
              ({ batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })) });`,
            'sluice.json': JSON.stringify({ smokeEvent: 'smoke.json' }),
            'smoke.json': JSON.stringify(smoke),
          }),
        );
        expect(reason).toContain('left 1 of its tasks undone');
      },

      'that is the first of its key and bad is told to those who wait for it, until a good one comes':
        async () => {
          const codeKey = 'first-bad.zip';
          await stage.uploadCode(codeKey, zipOf({ 'main.mjs': '' }));
          await stage.putConfigRecord({ pipelineId: 'first-bad', codeKey });
          const { error } = await stage.until('first-bad', ({ phase }) => phase === 'Rejected');
          expect(error).toMatchObject({ path: 'codeKey', code: 'Missing' });
          expect(error?.message).toContain('index.mjs');
          const good = await stage.uploadCode(codeKey, quickRelease('good'));
          expect(await stage.until('first-bad', isSettled)).toMatchObject({ codeVersion: good });
        },
    },
    90,
  );
});
