import { describe, expect, it } from '@jest/globals';
import { problemMessage } from '../../../../core/problems.ts';
import { readManifest, smokeFileOf } from '../../../../core/release/manifest.ts';
import { rolloutSettingsSchema } from '../../../../core/release/rollout-settings.ts';

function messages(manifest: unknown): string[] {
  const parsed = readManifest(typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  return parsed.kind === 'read' ? [] : parsed.problems.map(problemMessage);
}

describe('a bad sluice.json', () => {
  it.each([
    {
      manifest: '{"rollout": ',
      message: /^sluice\.json must be JSON, got .+ — mend the file, or leave it out$/,
    },
    { manifest: '', message: /^sluice\.json must be JSON, got .+ — mend the file, or leave it out$/ },
    {
      manifest: 'null',
      message:
        'sluice.json must be a map {smokeEvent, smokeEnvironment, rollout}, got null — remove the field instead of setting it to null',
    },
    {
      manifest: [],
      message:
        'sluice.json must be a map {smokeEvent, smokeEnvironment, rollout}, got a list of 0 — docs/rollouts.md lists what the file may hold',
    },
    {
      manifest: { smokeEvents: 'a.json' },
      message: 'sluice.json.smokeEvents is not a known field — did you mean smokeEvent?',
    },
    {
      manifest: { version: '1.0' },
      message:
        'sluice.json.version is not a known field — remove it; known fields are smokeEvent, smokeEnvironment, rollout',
    },
    {
      manifest: { smokeEvent: { Records: [] } },
      message:
        'sluice.json.smokeEvent must be the name of a file of the zip, got {Records} — leave it out to try the release without tasks',
    },
    {
      manifest: { smokeEvent: '' },
      message:
        'sluice.json.smokeEvent must be the name of a file of the zip, got "" — leave it out to try the release without tasks',
    },
    {
      manifest: { smokeEnvironment: { AWS_REGION: 'x' } },
      message:
        /^sluice\.json\.smokeEnvironment\.AWS_REGION must be a name .+, got "AWS_REGION" — .+ rename it$/,
    },
    {
      manifest: { smokeEnvironment: { TOKEN: 12345 } },
      message: /^sluice\.json\.smokeEnvironment\.TOKEN must be text, .+, got a number — /,
    },
    {
      manifest: { rollout: { canary: 0.1 } },
      message: 'sluice.json.rollout.canary is not a known field — did you mean canaryShare?',
    },
    {
      manifest: { rollout: { canaryShare: 5 } },
      message:
        'sluice.json.rollout.canaryShare must be a number from 0 to 1, got 5 — give a share: 0.01 is one in a hundred',
    },
    {
      manifest: { rollout: { growth: 0.5 } },
      message:
        'sluice.json.rollout.growth must be a number from 1 to 1000, got 0.5 — use 1 for waves of one size',
    },
    {
      manifest: { rollout: { minTasks: 1.5 } },
      message:
        'sluice.json.rollout.minTasks must be an integer from 1 to 1000000, got 1.5 — use 1 to judge by every task',
    },
    {
      manifest: { rollout: { bakeSeconds: '5 minutes' } },
      message:
        'sluice.json.rollout.bakeSeconds must be a number from 0 to 86400, got "5 minutes" — give seconds, at most a day',
    },
    {
      manifest: { rollout: { deadLetters: null } },
      message:
        'sluice.json.rollout.deadLetters must be an integer from 0 to 1000000, got null — remove the field instead of setting it to null',
    },
    {
      manifest: { rollout: 'fast' },
      message:
        /^sluice\.json\.rollout must be a map \{canaryShare, .+\}, got "fast" — docs\/rollouts\.md lists/,
    },
  ])('says where, what is allowed, what was given and what to do: $manifest', ({ manifest, message }) => {
    const expected = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(messages(manifest)).toEqual([expected]);
  });

  it('says all of it at once', () => {
    expect(messages({ rollout: { growth: 0, minTasks: 0 }, more: 1 })).toHaveLength(3);
  });
});

it.each(Object.keys(rolloutSettingsSchema.shape))(
  'a release may set %s, and hears of it in words',
  (field) => {
    const setting = rolloutSettingsSchema.shape[field as keyof typeof rolloutSettingsSchema.shape];
    for (const value of [setting.minValue, setting.maxValue]) {
      expect(messages({ rollout: { [field]: value } })).toEqual([]);
    }
    const [message, ...others] = messages({ rollout: { [field]: (setting.maxValue ?? 0) + 1 } });
    expect(others).toEqual([]);
    expect(message).toMatch(
      new RegExp(`^sluice\\.json\\.rollout\\.${field} must be an? (number|integer) from `),
    );
    expect(message).not.toMatch(/correct it$/);
  },
);

describe('the smoke event’s file', () => {
  it.each([
    { text: '{"smokeEvent": "smoke/one.json"}', name: 'smoke/one.json' },
    { text: '{}', name: undefined },
    { text: undefined, name: undefined },
    { text: 'no JSON', name: undefined },
    { text: '{"smokeEvent": "a.json", "odd": 1}', name: undefined },
  ])('of $text is $name', ({ text, name }) => {
    expect(smokeFileOf(text)).toBe(name);
  });
});
