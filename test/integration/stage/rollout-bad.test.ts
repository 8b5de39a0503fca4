import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';
import { untilRelease, withRollout } from './releases.ts';
import { consumerZip, sharedStage } from './shared-stage.ts';
import { documents, documentsOf, type TestStage } from './test-stage.ts';

// A key of its own: nobody else's pipelines follow it.
const codeKey = 'bad-release.zip';
// One attempt, so that what the release fails is a dead letter at once.
const record = {
  codeKey,
  timeoutSeconds: 3,
  visibilityTimeoutSeconds: 3,
  maxAttempts: 1,
  maxReceiveCount: 2,
};
const CANARY = 'bad-canary';
const IDS = [CANARY, 'bad-one', 'bad-two'];
const SEND_EVERY_MS = 500;

let stage: TestStage;
let good: string;
let bad: string;
/** Tasks sent to each pipeline. */
let sent = 0;
let sinceMs: number;
let queues: readonly { readonly queueUrl?: string; readonly deadLetterQueueUrl?: string }[];
beforeAll(async () => {
  stage = await sharedStage();
  sinceMs = Date.now();
  good = await stage.uploadCode(codeKey, await consumerZip('first'));
  queues = await Promise.all(
    IDS.map((pipelineId) => stage.put({ pipelineId, ...record, canary: pipelineId === CANARY })),
  );
}, 120_000);

/** Sends a task to every pipeline so often until it is told to stop. */
function keepSending(): () => Promise<void> {
  let stopped = false;
  const sending = (async () => {
    while (!stopped) {
      sent += 1;
      const body = JSON.stringify({ document: sent });
      await Promise.all(
        queues.map(({ queueUrl = '' }) => stage.queues.send(queueUrl, [{ id: 'one', body }])),
      );
      await sleep(SEND_EVERY_MS);
    }
  })();
  sending.catch(() => {}); // stopping says so
  return async () => {
    stopped = true;
    await sending;
  };
}

/** The pipelines of which tasks ended so. */
async function endedAs(fate: string): Promise<string[]> {
  const lines = await stage.logLines(sinceMs);
  return IDS.filter((id) => lines.some((line) => line.pipelineId === id && line.fate === fate));
}

async function deadLetters(): Promise<number[]> {
  const states = await Promise.all(
    queues.map(({ deadLetterQueueUrl = '' }) => stage.queues.read(deadLetterQueueUrl)),
  );
  return states.map((state) => (state ? state.counts.visible + state.counts.inFlight : Number.NaN));
}

describe('a release whose tasks fail', () => {
  it('comes to the canary and to nobody else, and is rolled back by itself', async () => {
    const stop = keepSending();
    try {
      const zip = withRollout(await consumerZip('failing'), { bakeSeconds: 30, unknownSeconds: 0 });
      bad = await stage.uploadCode(codeKey, zip);
      const stopped = await untilRelease(stage, codeKey, bad, ({ state }) => state === 'RolledBack');
      expect(stopped).toMatchObject({ from: good, wave: 0 });
      expect(stopped.evidence).toContainEqual(
        expect.objectContaining({ pipelineId: CANARY, what: 'deadLetters' }),
      );
    } finally {
      await stop();
    }
    expect(await endedAs('deadLetter')).toEqual([CANARY]);
  }, 90_000);

  it('is nowhere in the end, and what it failed is done by the release before', async () => {
    const returned = await untilRelease(stage, codeKey, bad, (seen) => seen.returned === true, 90);
    expect(returned.redriven).toBeGreaterThan(0);
    const statuses = await Promise.all(IDS.map((pipelineId) => stage.statuses.read(pipelineId)));
    expect(statuses.map((status) => status?.codeVersion)).toEqual(IDS.map(() => good));
    expect(await deadLetters()).toEqual([0, 0, 0]);
    await eventually(
      () =>
        Promise.all(IDS.map(async (id) => new Set(documentsOf(await stage.done(id, sent, sinceMs))).size)),
      (done) => done.every((count) => count === sent),
      `${sent} tasks of each pipeline done`,
    );
    const tasks = await stage.done(CANARY, sent, sinceMs);
    expect(new Set(documentsOf(tasks))).toEqual(new Set(documents(sent)));
    expect(new Set(tasks.map(({ release }) => release))).toEqual(new Set([1]));
  }, 150_000);
});
