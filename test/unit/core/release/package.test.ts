import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { problemMessage } from '../../../../core/problems.ts';
import {
  type Archive,
  type ArchiveFile,
  checkArchive,
  EMPTY_EVENT,
  trialProblem,
  UNZIPPED_MAX_BYTES,
} from '../../../../core/release/package.ts';
import { ROLLOUT_SETTINGS } from '../../../../core/release/rollout-settings.ts';

const NODE = { handler: 'index.handler', runtime: 'nodejs24.x' };

const file = (name: string, bytes = 10): ArchiveFile => ({ name, bytes });

/** A zip with a handler; `texts` are the files that were read. */
function archive(texts: Record<string, string> = {}, files = [file('index.mjs')]): Archive {
  const named = Object.entries(texts).map(([name, text]) => file(name, text.length));
  return { kind: 'read', sha256: 'c2hh', files: [...files, ...named], texts };
}

const withManifest = (manifest: unknown, texts: Record<string, string> = {}) =>
  archive({ ...texts, 'sluice.json': JSON.stringify(manifest) });

function messages(of: Archive, consumers = NODE): string[] {
  const checked = checkArchive(of, consumers, ROLLOUT_SETTINGS);
  return checked.kind === 'sound' ? [] : checked.problems.map(problemMessage);
}

describe('a sound release', () => {
  it('without a sluice.json is tried with no tasks and goes out as the stage says', () => {
    expect(
      checkArchive(archive({}, [file('index.mjs', 7), file('more.mjs', 5)]), NODE, ROLLOUT_SETTINGS),
    ).toEqual({
      kind: 'sound',
      unzippedBytes: 12,
      sha256: 'c2hh',
      settings: ROLLOUT_SETTINGS,
      smokeEvent: EMPTY_EVENT,
      smokeEnvironment: {},
    });
  });

  it('is tried with the event and the environment that it names, and goes out as it says', () => {
    const event = { Records: [{ body: '{"document":1}' }] };
    const manifest = {
      smokeEvent: 'smoke/event.json',
      smokeEnvironment: { MODE: 'trial' },
      rollout: { growth: 2, bakeSeconds: 60, deadLetters: 3 },
    };
    const checked = checkArchive(
      withManifest(manifest, { 'smoke/event.json': JSON.stringify(event) }),
      NODE,
      ROLLOUT_SETTINGS,
    );
    expect(checked).toMatchObject({
      kind: 'sound',
      settings: { ...ROLLOUT_SETTINGS, growth: 2, bakeSeconds: 60, deadLetters: 3 },
      smokeEvent: event,
      smokeEnvironment: { MODE: 'trial' },
    });
  });

  it('may say as little as it likes', () => {
    for (const manifest of [{}, { rollout: {} }, { smokeEnvironment: {} }]) {
      expect(messages(withManifest(manifest))).toEqual([]);
    }
  });

  it.each([
    { bytes: UNZIPPED_MAX_BYTES - 10, problems: [] },
    {
      bytes: UNZIPPED_MAX_BYTES - 9,
      problems: [
        'zip must be at most 250 MB unzipped, got 251 MB — leave out what the consumer does not need, or put it into a layer',
      ],
    },
  ])('has 250 MB at most, all files together: with $bytes more', ({ bytes, problems }) => {
    expect(messages(archive({}, [file('index.mjs'), file('data.bin', bytes)]))).toEqual(problems);
  });
});

describe('a bad zip', () => {
  it('that cannot be read is told so, and how one is made', () => {
    expect(messages({ kind: 'unreadable', reason: 'invalid zip data' })).toEqual([
      'zip must be a zip archive, got invalid zip data — upload a zip: `npm run build:consumer` makes one',
    ]);
  });

  it.each([
    { why: 'empty', files: [], given: 'an empty one — bundle the handler into this file' },
    {
      why: 'of other files',
      files: ['main.mjs', 'a.txt'],
      given: 'one of 2 without it — bundle the handler into this file',
    },
    {
      why: 'of another ending',
      files: ['index.ts'],
      given: 'one of 1 without it — bundle the handler into this file',
    },
    {
      why: 'of another case',
      files: ['Index.mjs'],
      given: 'one of 1 without it — bundle the handler into this file',
    },
    {
      why: 'of a folder',
      files: ['consumer/', 'consumer/package.json', 'consumer/index.mjs'],
      given: 'consumer/index.mjs — zip the files, not the folder that holds them',
    },
    {
      why: 'of a folder, with packages',
      files: ['app/node_modules/x/index.js', 'app/dist/index.js'],
      given: 'app/dist/index.js — zip the files, not the folder that holds them',
    },
    {
      why: 'of packages that have such a file',
      files: ['main.mjs', 'node_modules/x/index.js'],
      given: 'one of 2 without it — bundle the handler into this file',
    },
  ])('without the handler’s file says which is missing and what was found: $why', ({ files, given }) => {
    expect(
      messages(
        archive(
          {},
          files.map((name) => file(name)),
        ),
      ),
    ).toEqual([`zip must be an archive with index.mjs or index.js or index.cjs at its top, got ${given}`]);
  });
});

it('a release of a runtime whose files cannot be known is left to its trial', () => {
  const java = { handler: 'com.example.Handler::run', runtime: 'java21' };
  expect(messages(archive({}, [file('com/example/Handler.class')]), java)).toEqual([]);
});

describe('a bad smoke event', () => {
  it.each([
    {
      why: 'is not in the zip',
      texts: {},
      message: 'sluice.json.smokeEvent must be a file of the zip, got smoke.json — put the file into the zip',
    },
    {
      why: 'is no JSON',
      texts: { 'smoke.json': '{"Records": [' },
      message: /^sluice\.json\.smokeEvent must be a file of JSON, got smoke\.json: .+ — mend the file$/,
    },
  ])('$why', ({ texts, message }) => {
    const found = messages(withManifest({ smokeEvent: 'smoke.json' }, texts as Record<string, string>));
    expect(found).toEqual([typeof message === 'string' ? message : expect.stringMatching(message)]);
  });

  it('is not looked for among what every object has', () => {
    for (const name of ['toString', '__proto__', 'constructor']) {
      expect(messages(withManifest({ smokeEvent: name }))).toEqual([
        `sluice.json.smokeEvent must be a file of the zip, got ${name} — put the file into the zip`,
      ]);
    }
  });
});

it('everything that is wrong with a release is said at once', () => {
  const bad = archive({ 'sluice.json': '{"smokeEvent": "none.json"}' }, [file('a', UNZIPPED_MAX_BYTES + 1)]);
  expect(messages(bad).map((message) => message.split(' must be ')[0])).toEqual([
    'zip',
    'zip',
    'sluice.json.smokeEvent',
  ]);
  const worse = archive({ 'sluice.json': '[]' }, [file('a', UNZIPPED_MAX_BYTES + 1)]);
  expect(messages(worse)).toHaveLength(3);
});

it('whatever a sluice.json holds is taken or told of, in one line each', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const message of messages(archive({ 'sluice.json': text }))) {
        expect(message).toMatch(/^sluice\.json.* — .+$/s);
      }
    }),
  );
});

describe('a trial', () => {
  it.each([
    { payload: undefined },
    { payload: null },
    { payload: 'done' },
    { payload: {} },
    { payload: { batchItemFailures: [] } },
  ])('that returned $payload says nothing against a release', ({ payload }) => {
    expect(trialProblem({ kind: 'returned', payload })).toBeUndefined();
  });

  it('that left tasks undone, failed or could not begin says why', () => {
    const payload = { batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }] };
    expect(trialProblem({ kind: 'returned', payload })).toBe("the trial's event left 2 of its tasks undone");
    expect(trialProblem({ kind: 'failed', error: 'x is not defined' })).toBe(
      'the trial failed: x is not defined',
    );
    expect(trialProblem({ kind: 'refused', reason: 'too large' })).toBe(
      'Lambda does not take the code: too large',
    );
  });
});
