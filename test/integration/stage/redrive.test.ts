import { beforeAll, describe, expect, it } from '@jest/globals';
import type { QueueMessage } from '../../../aws/ports.ts';
import { readNote } from '../../../core/dead-letter.ts';
import type { RedriveDryRun } from '../../../functions/redrive/dry-run.ts';
import type { RedriveProgress } from '../../../functions/redrive/report.ts';
import type { TestTask } from './consumers/obedient.ts';
import { eventually } from './eventually.ts';
import { sharedStage } from './shared-stage.ts';
import { documents, documentsOf, type TestStage } from './test-stage.ts';

const pipelineId = 'redrive';
/** A task that throws is a dead letter at once. */
const record = {
  pipelineId,
  concurrency: 4,
  timeoutSeconds: 3,
  visibilityTimeoutSeconds: 600,
  maxAttempts: 1,
};
const OF_EACH_REASON = 15;
const LETTERS = 2 * OF_EACH_REASON;
/** Dies whatever is done. */
const HOPELESS = LETTERS + 1;
/** Long enough for all of them to die before. */
const BROKEN_MS = 20_000;

let stage: TestStage;
let deadLetterQueueUrl: string;
let sinceMs: number;
/** Thirty-one dead letters: fifteen of each of two reasons, that would end well by now, and one that would not. */
beforeAll(async () => {
  stage = await sharedStage();
  sinceMs = Date.now();
  const status = await stage.put(record);
  deadLetterQueueUrl = status.deadLetterQueueUrl ?? '';
  const throwsUntilMs = Date.now() + BROKEN_MS;
  const tasks = documents(LETTERS).map((document): TestTask => {
    const throws = document <= OF_EACH_REASON ? 'error' : 'deadLetter';
    return { document, throws, throwsUntilMs };
  });
  await stage.send({ pipelineId, tasks: [...tasks, { document: HOPELESS, throws: 'deadLetter' }] });
  await eventually(letters, (count) => count === LETTERS + 1, 'all tasks are dead letters');
  await eventually(Date.now, (nowMs) => nowMs > throwsUntilMs, 'they would end well now');
}, 180_000);

async function letters(): Promise<number> {
  const { visible = 0, inFlight = 0 } = (await stage.queues.read(deadLetterQueueUrl))?.counts ?? {};
  return visible + inFlight;
}

async function ask<T = RedriveProgress>(request: object): Promise<T> {
  return (await stage.call(stage.outputs.RedriveFunction ?? '', { pipelineId, ...request })) as T;
}

/** Asks for a redrive, and waits until it is over. */
async function redrive(request: object): Promise<RedriveProgress> {
  const { redriveId } = await ask(request);
  const over = await eventually(
    () => ask({ status: true }),
    ({ state }) => state !== 'Running',
    'the redrive is over',
    90,
  );
  expect(over).toMatchObject({ redriveId, state: 'Done' });
  return over;
}

const doneSoFar = async (count: number) =>
  documentsOf(await stage.done(pipelineId, count, sinceMs)).filter((document) => document !== HOPELESS);

describe('dead letters', () => {
  it('are looked at without being moved', async () => {
    expect(await ask<RedriveDryRun>({ dryRun: true, reason: 'maxAttempts' })).toMatchObject({
      left: LETTERS + 1,
      sampled: LETTERS + 1,
      matching: OF_EACH_REASON,
      skipped: { otherReason: OF_EACH_REASON + 1 },
      reasons: [
        { reason: 'no such document', letters: OF_EACH_REASON + 1 },
        { reason: 'maxAttempts', letters: OF_EACH_REASON },
      ],
    });
    const { visible } = (await stage.queues.read(deadLetterQueueUrl))?.counts ?? {};
    expect(visible).toBe(LETTERS + 1);
  }, 60_000);

  it('are sent again as a probe: the first three of a reason and no more', async () => {
    expect(await redrive({ reason: 'maxAttempts', first: 3 })).toMatchObject({ sent: 3, left: LETTERS - 2 });
    expect(await doneSoFar(3)).toHaveLength(3);
  }, 120_000);

  it('are sent again by their reason, and the others stay', async () => {
    const over = await redrive({ reason: 'maxAttempts' });
    expect(over).toMatchObject({
      sent: OF_EACH_REASON - 3,
      left: OF_EACH_REASON + 1,
      skipped: { otherReason: OF_EACH_REASON + 1 },
    });
    expect(await doneSoFar(OF_EACH_REASON)).toEqual(documents(OF_EACH_REASON));
  }, 120_000);

  it('are all sent again, each once; what dies again says how often it was', async () => {
    const { sent } = await redrive({ reason: 'no such*', redriveId: 'all-the-others' });
    expect(sent).toBe(OF_EACH_REASON + 1);
    expect(await doneSoFar(LETTERS)).toEqual(documents(LETTERS));
    const taken: QueueMessage[] = [];
    const [letter] = await eventually(
      async () => {
        taken.push(...(await stage.queues.receive(deadLetterQueueUrl, 60)));
        return taken;
      },
      ({ length }) => length > 0,
      'the hopeless one is dead once more',
    );
    expect(JSON.parse(letter?.body ?? '{}')).toMatchObject({ document: HOPELESS });
    expect(readNote(letter?.attributes.SluiceDeadLetter)).toMatchObject({
      reason: 'no such document',
      redrives: 1,
    });
  }, 180_000);
});
