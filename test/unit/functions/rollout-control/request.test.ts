import { describe, expect, it } from '@jest/globals';
import { stageOf, write } from './stage.ts';

const ACTIONS = '"pause" or "resume" or "abort" or "rollback" or "retry"';

describe('the release that is meant', () => {
  it('is the one begun last where no version is given', async () => {
    const { say, world } = await stageOf({ startedAt: '2026-01-02T00:00:00.000Z' });
    write(world, { version: 'a', startedAt: '2026-01-01T00:00:00.000Z' });
    write(world, { version: 'z', startedAt: '2026-01-01T00:00:00.000Z' });
    write(world, { version: 'y', codeKey: 'other.zip', startedAt: '2026-01-03T00:00:00.000Z' });
    expect((await say({ action: 'pause' })).version).toBe('v2');
    expect((await say({ action: 'pause', version: 'a' })).version).toBe('a');
    expect((await say({ action: 'pause', codeKey: 'other.zip' })).version).toBe('y');
  });

  it('is named among those that there are where there is none of this version', async () => {
    const { say, world } = await stageOf({ startedAt: '2026-01-02T00:00:00.000Z' });
    write(world, { version: 'v1', state: 'Done', startedAt: '2026-01-01T00:00:00.000Z' });
    await expect(say({ action: 'pause', version: 'v9' })).rejects.toMatchObject({
      code: 'UnknownRelease',
      message:
        'there is no release v9 of consumer.zip — give one of these versions, newest first, or none for the newest: v2 (Rolling), v1 (Done)',
    });
  });

  it('is none where nothing of this key was ever uploaded', async () => {
    const { say } = await stageOf();
    await expect(say({ action: 'pause', codeKey: 'other.zip' })).rejects.toMatchObject({
      code: 'UnknownRelease',
      message: 'there is no release of other.zip — upload one, or correct codeKey',
    });
  });
});

describe('a wrong input', () => {
  it.each([
    [
      'none at all',
      undefined,
      'input must be a map of fields, got nothing — give a map with at least an action',
    ],
    ['no action', {}, `action must be ${ACTIONS}, got nothing — say what to do to the rollout`],
    [
      'another action',
      { action: 'stop' },
      `action must be ${ACTIONS}, got "stop" — say what to do to the rollout`,
    ],
    [
      'an empty key',
      { action: 'pause', codeKey: '' },
      'codeKey must be the S3 key of consumer code, got "" — leave it out for consumer.zip',
    ],
    [
      'a version that is no text',
      { action: 'pause', version: 7 },
      'version must be an S3 version id, got 7 — choose type String in the console, or put it in quotes',
    ],
    [
      'a field with a slip in its name',
      { action: 'pause', verson: 'v2' },
      'verson is not a known field — did you mean version?',
    ],
    [
      'a whole story',
      { action: 'abort', reason: 'x'.repeat(501) },
      `reason must be a text of at most 500 characters, got "${'x'.repeat(39)}…" — say it in fewer words, or leave it out`,
    ],
  ])(
    '(%s) is answered with where, what is allowed, what was given, what to do',
    async (_, input, message) => {
      const { say } = await stageOf();
      await expect(say(input)).rejects.toMatchObject({
        code: 'InvalidInput',
        message: `the input is wrong: ${message}`,
      });
    },
  );

  it('is answered with everything that is wrong with it', async () => {
    const { say } = await stageOf();
    const answer = say({ action: 'stop', version: '', whatever: true });
    await expect(answer).rejects.toMatchObject({
      message: expect.stringMatching(/action must be.*version must be.*whatever is not a known field/),
    });
  });
});
