import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pipelineNames } from '../../core/names.ts';
import { deployStage, removeStage } from '../../lab/local-stage/deploy.ts';
import { type Emulator, startEmulator } from '../../lab/local-stage/emulator.ts';
import { everything, of } from './stage/everything.ts';
import { everyAttribute, live, NOTHING } from './stage/live.ts';
import { consumerZip } from './stage/shared-stage.ts';
import {
  documents,
  documentsOf,
  isSettled,
  type TestStage,
  testStage,
  type Written,
} from './stage/test-stage.ts';

const MINUTE_MS = 60_000;

let emulator: Emulator;
let one: TestStage;
let two: TestStage;

async function makeStage(stage: string): Promise<TestStage> {
  const made = testStage(emulator, stage, await deployStage({ connection: emulator, stage }));
  await made.uploadCode('consumer.zip', await consumerZip('first'));
  return made;
}

beforeAll(async () => {
  emulator = await startEmulator({ name: 'two-stages' });
  one = await makeStage('one');
  two = await makeStage('two');
  await Promise.all(
    [one, two].flatMap((stage) => [
      stage.put({ pipelineId: 'works', timeoutSeconds: 3 }),
      stage.put({ pipelineId: 'goes' }),
      stage.put({ pipelineId: 'rests', paused: true }),
    ]),
  );
}, 5 * MINUTE_MS);

afterAll(() => emulator?.stop());

/** Everything that is known of the pipelines of a stage that is settled. */
const look = (stage: TestStage, ...pipelineIds: string[]) =>
  Promise.all(
    pipelineIds.map(async (pipelineId) => ({
      status: await stage.statuses.read(pipelineId),
      attributes: await everyAttribute(stage, pipelineId),
    })),
  );

describe('two stages in one account', () => {
  it('have pipelines of the same ids, each its own', async () => {
    const names = await everything(emulator);
    for (const stage of ['one', 'two']) {
      for (const pipelineId of ['works', 'goes', 'rests']) {
        const { queue } = pipelineNames(stage, pipelineId);
        expect(names.filter((name) => name.endsWith(`/${queue}`))).toHaveLength(1);
      }
    }
  });

  it(
    'edits, deletions, uploads and tasks in one do not touch the other',
    async () => {
      const before = await look(two, 'works', 'goes', 'rests');
      const sinceMs = Date.now();
      const version = await one.uploadCode('consumer.zip', await consumerZip('second'));
      await Promise.all([
        one.put({ pipelineId: 'works', timeoutSeconds: 3, memoryMb: 512 }),
        one.remove('goes'),
        one.until('rests', (status) => isSettled(status) && status.codeVersion === version),
      ]);
      await one.until('works', (status) => isSettled(status) && status.codeVersion === version);
      await one.sendTasks('works', 3);
      expect(documentsOf(await one.done('works', 3, sinceMs))).toEqual(documents(3));
      await one.call('sluice-one-reconciler', {});

      expect(await look(two, 'works', 'goes', 'rests')).toEqual(before);
      expect(await two.done('works', 0, sinceMs)).toEqual([]);
    },
    MINUTE_MS,
  );
});

describe('a deploy over a live stage', () => {
  const frozen: readonly { readonly record: Written; readonly wanted: object }[] = JSON.parse(
    readFileSync(new URL('../unit/core/fixtures/config-records-v1.json', import.meta.url), 'utf8'),
  );
  const ids = frozen.map(({ record }) => record.pipelineId);
  const sinceMs = Date.now();
  let before: Awaited<ReturnType<typeof look>>;

  beforeAll(async () => {
    // All but what names a certain upload, or a day that comes.
    const codeVersion = await two.uploadCode('team/consumer.zip', await consumerZip('first'));
    const ofHere = { codeVersion, expiresAt: 4_102_444_800 };
    await Promise.all(
      frozen.map(({ record }) => two.put('codeVersion' in record ? { ...record, ...ofHere } : record)),
    );
    await Promise.all(
      ['in-flight', 'leaving'].map((pipelineId) =>
        two.put({ pipelineId, concurrency: 2, timeoutSeconds: 5 }),
      ),
    );
    before = await look(two, 'works', 'rests', ...ids);
    await two.sendTasks('in-flight', 24, { seconds: 1 });
    await two.sendTasks('leaving', 24, { seconds: 1 });
    await two.deleteConfigRecord('leaving');
    await two.until('leaving', ({ phase, run }) => phase === 'Draining' && run?.step === 'Drain');
    await deployStage({ connection: emulator, stage: 'two', args: ['--force'] });
  }, 3 * MINUTE_MS);

  it('leaves its pipelines untouched, records of the first schema among them', async () => {
    expect(await look(two, 'works', 'rests', ...ids)).toEqual(before);
  });

  it(
    'lets tasks in flight be done, each once',
    async () => {
      expect(documentsOf(await two.done('in-flight', 24, sinceMs))).toEqual(documents(24));
    },
    MINUTE_MS,
  );

  it(
    'lets a run that is under way come to its end',
    async () => {
      const gone = await two.until('leaving', ({ phase }) => phase === 'Deleted');
      expect(gone.salvage).toBeUndefined();
      expect(documentsOf(await two.done('leaving', 24, sinceMs))).toEqual(documents(24));
      expect(await live(two, 'leaving')).toEqual(NOTHING);
    },
    MINUTE_MS,
  );

  it.each(frozen)(
    'has a record of the first schema mean what it meant: $record.pipelineId',
    async ({ record, wanted }) => {
      const { pipelineId } = record;
      const { codeVersion: _upload, expiresAt: _day, ...others } = wanted as Record<string, unknown>;
      expect((await two.statuses.read(pipelineId))?.applied?.wanted).toMatchObject(others);
    },
  );

  it(
    'takes an edit as before',
    async () => {
      const { applied } = await two.put({ pipelineId: 'minimal', memoryMb: 1024 });
      expect(applied?.wanted.memoryMb).toBe(1024);
    },
    MINUTE_MS,
  );
});

describe('sls remove', () => {
  it(
    'refuses while tasks or salvage remain, says where and how many, and changes nothing',
    async () => {
      const { queueUrl = '' } = (await one.statuses.read('rests')) ?? {};
      await one.queues.send(queueUrl, [
        { id: '0', body: '{"document":1}' },
        { id: '1', body: '{"document":2}', delaySeconds: 600 },
      ]);
      await one.put({ pipelineId: 'saved', paused: true });
      await one.sendTasks('saved', 3);
      await one.remove('saved');

      const before = await everything(emulator);
      const refusal = await removeStage({ connection: emulator, stage: 'one' }).catch(String);
      expect(refusal).toMatch(/rests: 2 tasks in its queue/);
      expect(refusal).toMatch(/saved: 3 tasks in salvage/);
      expect(refusal).not.toMatch(/works:/);
      expect(await everything(emulator)).toEqual(before);
      expect(await one.ports.configs.read('works')).toBeDefined();
    },
    3 * MINUTE_MS,
  );

  it(
    'told to discard leaves nothing of its stage, and all of the other',
    async () => {
      const others = (await everything(emulator)).filter(of('two'));
      await removeStage({ connection: emulator, stage: 'one', discard: true });
      const left = await everything(emulator);
      expect(left.filter(of('one'))).toEqual([]);
      expect(left.filter(of('two'))).toEqual(others);
    },
    3 * MINUTE_MS,
  );

  it(
    'without a task in the way needs no --discard, and leaves nothing either',
    async () => {
      await removeStage({ connection: emulator, stage: 'two' });
      expect(await everything(emulator)).toEqual([]);
    },
    3 * MINUTE_MS,
  );
});
