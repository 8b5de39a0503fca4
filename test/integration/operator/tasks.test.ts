import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BurstProgress } from '../../../core/burst/progress.ts';
import type { BurstResult } from '../../../core/burst/result.ts';
import type { ReleaseRecord } from '../../../core/release/record.ts';
import type { DeadLetterView, StageEvent } from '../../../operator/views/pipelines.ts';
import type { TestTask } from '../stage/consumers/obedient.ts';
import { sharedStage } from '../stage/shared-stage.ts';
import { documents, type TestStage } from '../stage/test-stage.ts';
import { type Ran, sluiceAt } from './sluice.ts';

const pipelineId = 'cli-tasks';
const codeKey = 'cli-tasks.zip';
const record = {
  pipelineId,
  codeKey,
  concurrency: 4,
  maxAttempts: 1,
  timeoutSeconds: 3,
  visibilityTimeoutSeconds: 600,
};
/** Of so many letters the half will end well when they are sent again. */
const LETTERS = 6;
const BROKEN_MS = 6_000;

let stage: TestStage;
let sluice: (...words: readonly string[]) => Promise<Ran>;
let scratch: string;
beforeAll(async () => {
  stage = await sharedStage();
  sluice = sluiceAt(stage);
  scratch = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
}, 180_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** One test after another: code, then a pipeline that runs it, then its tasks, then its dead letters. */
describe('from a terminal', () => {
  it('code is packed, checked, uploaded, and followed until it has come to all', async () => {
    const folder = 'test/integration/stage/consumers/second';
    const { code, out, json } = await sluice('code', 'push', folder, '--key', codeKey, '--json');
    expect(code).toBe(0);
    const [pushed] = json() as ReleaseRecord[];
    expect(pushed).toMatchObject({ codeKey, state: 'Done' });
    expect(out).toHaveLength(1);

    const listed = await sluice('rollout', 'ls', '--key', codeKey, '--json');
    expect(listed.json()).toMatchObject([[{ version: pushed?.version, state: 'Done' }]]);
    const shown = await sluice('rollout', 'show', '--key', codeKey);
    expect(shown.out[0]).toContain(`${codeKey} ${pushed?.version} Done`);
    // What is done cannot be paused: the stage's own function says so, in its own words.
    const refused = await sluice('rollout', 'pause', '--key', codeKey);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.said).toContain('only a rollout under way can be paused');
  }, 30_000);

  it('code that could not run is not uploaded', async () => {
    const path = join(scratch, 'bad.zip');
    await writeFile(path, 'no zip');
    const { code, said } = await sluice('code', 'push', path, '--key', codeKey);
    expect(code).toBe(2);
    expect(said).toContain('zip must be a zip archive');
  });

  it('tasks are sent, and watched until they are done', async () => {
    await stage.put(record);
    const { code, said, json } = await sluice('send', pipelineId, '--count', '20', '--json');
    expect(said).toMatch(/predicted: over in .*, at most 4 at once/);
    const [result, ...readings] = json() as [BurstResult, ...BurstProgress[]];
    expect(result).toMatchObject({ pipelineId, accepted: 20, notAccepted: 0 });
    expect(readings.at(-1)).toMatchObject({ state: 'Ended', totals: { done: 20 }, endedWell: true });
    expect(code).toBe(0);

    const bursts = await sluice('burst', '--of', pipelineId, '--json');
    expect(bursts.json()).toMatchObject([[{ burstId: result.burstId, state: 'Ended' }]]);
    const told = await sluice('burst', result.burstId);
    expect(told.out[0]).toContain('20 of 20 done');
  }, 30_000);

  it('a goal out of reach sends nothing, and says what can be reached', async () => {
    const { code, said } = await sluice('send', pipelineId, '--count', '100000', '--finish-within', '1s');
    expect(code).toBe(1);
    expect(said).toContain('nothing was sent');
  });

  it('dead letters are seen with their reasons, and sent again', async () => {
    const throwsUntilMs = Date.now() + BROKEN_MS;
    const tasks = documents(LETTERS).map((document): TestTask => {
      return document % 2 === 0
        ? { document, throws: 'deadLetter' }
        : { document, throws: 'error', throwsUntilMs };
    });
    const file = join(scratch, 'tasks.jsonl');
    await writeFile(file, tasks.map((task) => `${JSON.stringify(task)}\n`).join(''));
    const sent = await sluice('send', pipelineId, '--file', file, '--spread', '0..1');
    expect(sent.code).toBe(1);
    expect(sent.out.at(-1)).toContain(`0 of ${LETTERS} done, ${LETTERS} dead letters`);

    const looked = await sluice('dlq', pipelineId, '--json');
    const [letters] = looked.json() as [DeadLetterView];
    expect(letters).toMatchObject({ total: LETTERS, sampled: LETTERS });
    expect(new Map(letters.reasons.map(({ reason, letters: count }) => [reason, count]))).toEqual(
      new Map([
        ['maxAttempts', LETTERS / 2],
        ['no such document', LETTERS / 2],
      ]),
    );
    const dry = await sluice('redrive', pipelineId, '--dry-run');
    expect(dry.said).toContain('nothing was sent');

    await new Promise((resolve) => setTimeout(resolve, Math.max(0, throwsUntilMs - Date.now())));
    const again = await sluice('redrive', pipelineId, '--reason', 'maxAttempts', '--first', '2', '--json');
    expect(again.json()).toMatchObject([{ state: 'Done', sent: 2 }]);
    const people = await sluice('dlq', pipelineId);
    expect(people.said).toContain(`${LETTERS - 2} dead letters`);
  }, 60_000);

  it('what its consumers wrote, and what the system did, can be read', async () => {
    const logs = await sluice('logs', pipelineId, '--since', '5m', '--json');
    const lines = logs.json() as Record<string, unknown>[];
    expect(lines.every((line) => line.pipelineId === pipelineId && typeof line.atMs === 'number')).toBe(true);
    expect(lines.filter(({ message }) => message === 'worked').length).toBeGreaterThanOrEqual(20);
    const forPeople = await sluice('logs', pipelineId, '--since', '5m');
    expect(forPeople.out.some((line) => line.includes('no such document'))).toBe(true);

    const events = await sluice('events', pipelineId, '--since', '5m', '--json');
    const says = (events.json() as StageEvent[]).map((event) => event.says);
    expect(says[0]).toContain('is being made');
    expect(says.some((line) => /^burst .* is over: 20 of 20 tasks done/.test(line))).toBe(true);
    expect(says.some((line) => line.startsWith('asked to send 2 dead letters at most'))).toBe(true);
  }, 30_000);

  it('what there is not is said to be not there', async () => {
    const calls = [
      ['send', 'nobody', '--count', '1'],
      ['dlq', 'nobody'],
      ['burst', 'nobody', 'pause'],
      ['rollout', 'show', '--key', 'nobody.zip'],
    ];
    const all = await Promise.all(calls.map((words) => sluice(...words)));
    expect(all.map(({ code, out }) => [code, out])).toEqual(calls.map(() => [3, []]));
  }, 30_000);
});
