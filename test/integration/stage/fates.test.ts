import { beforeAll, describe, expect } from '@jest/globals';
import type { QueueMessage } from '../../../aws/ports.ts';
import { readNote } from '../../../core/dead-letter.ts';
import { eventually } from './eventually.ts';
import { sharedStage } from './shared-stage.ts';
import { sideBySide } from './side-by-side.ts';
import type { TestStage } from './test-stage.ts';

const MAX_ATTEMPTS = 3;
const record = { timeoutSeconds: 3, visibilityTimeoutSeconds: 600, maxAttempts: MAX_ATTEMPTS };

let stage: TestStage;
beforeAll(async () => {
  stage = await sharedStage();
}, 120_000);

type Line = Readonly<Record<string, unknown>>;

/** The runtime's lines of a pipeline's tasks, in order. */
async function taskLines(pipelineId: string, sinceMs: number): Promise<Line[]> {
  const lines = await stage.logLines(sinceMs);
  return lines
    .filter((line) => line.pipelineId === pipelineId && line.sluice === 'task')
    .sort((a, b) => Number(a.startedAtMs) - Number(b.startedAtMs));
}

/** Waits for dead letters, and takes them. */
async function deadLetters(pipelineId: string, count: number): Promise<readonly QueueMessage[]> {
  const { deadLetterQueueUrl = '' } = (await stage.statuses.read(pipelineId)) ?? {};
  const taken: QueueMessage[] = [];
  return eventually(
    async () => {
      taken.push(...(await stage.queues.receive(deadLetterQueueUrl, 60)));
      return taken;
    },
    (letters) => letters.length >= count,
    `${count} dead letters of ${pipelineId}`,
  );
}

const noteOf = ({ attributes }: QueueMessage) => readNote(attributes.SluiceDeadLetter);

describe('a task', () => {
  sideBySide({
    'that always throws is a dead letter after maxAttempts, with its reason, long before maxReceiveCount':
      async () => {
        const pipelineId = 'always-throws';
        const sinceMs = Date.now();
        const { queueUrl = '' } = await stage.put({ pipelineId, ...record });
        const attributes = {
          kind: { type: 'String', value: 'urgent' },
          seal: { type: 'Binary', value: 'AAEC' },
        };
        const body = JSON.stringify({ document: 1, throws: 'error' });
        expect(await stage.queues.send(queueUrl, [{ id: 'one', body, attributes }])).toEqual([]);
        const [letter, ...others] = await deadLetters(pipelineId, 1);
        expect(others).toEqual([]);
        const lines = await taskLines(pipelineId, sinceMs);
        expect(lines.map(({ fate, attempt, receives }) => [fate, attempt, receives])).toEqual([
          ['retry', 1, 1],
          ['retry', 2, 2],
          ['deadLetter', 3, 3],
        ]);
        expect(letter).toMatchObject({ body, attributes });
        expect(letter && noteOf(letter)).toEqual({
          reason: 'maxAttempts',
          attempts: MAX_ATTEMPTS,
          error: { name: 'TypeError', message: 'as told' },
          firstSentAtMs: expect.any(Number),
          lastAttemptAtMs: lines[2]?.startedAtMs,
          messageId: lines[2]?.messageId,
        });
        expect(await emptied(queueUrl)).toBe(true);
      },

    'that is dropped is gone; one that gave up, and one that cannot be read, are dead letters at once':
      async () => {
        const pipelineId = 'drops';
        const sinceMs = Date.now();
        const { queueUrl = '' } = await stage.put({ pipelineId, ...record });
        const bodies = ['drop', 'deadLetter'].map((throws) => JSON.stringify({ document: 1, throws }));
        await stage.queues.send(
          queueUrl,
          [...bodies, 'no JSON'].map((body, at) => ({ id: String(at), body })),
        );
        const letters = await deadLetters(pipelineId, 2);
        const notes = new Map(letters.map((letter) => [letter.body, noteOf(letter)]));
        expect(letters).toHaveLength(2);
        expect(notes.get(bodies[1] ?? '')).toMatchObject({
          reason: 'no such document',
          attempts: 1,
          error: { name: 'RangeError', message: 'as told' },
        });
        expect(notes.get('no JSON')).toMatchObject({ reason: 'unreadable', attempts: 0 });
        expect(await emptied(queueUrl)).toBe(true);
        const lines = await eventually(
          () => taskLines(pipelineId, sinceMs),
          (all) => all.length >= 3,
          'three tasks in the log',
        );
        expect(lines.map(({ outcome }) => outcome).sort()).toEqual(['dropped', 'gaveUp', 'unreadable']);
      },

    'that asks for later comes back then, more often than it has attempts, and burns none': async () => {
      const pipelineId = 'later';
      const sinceMs = Date.now();
      await stage.put({ pipelineId, ...record });
      const task = { throws: 'later', throwsUntilMs: Date.now() + 6_000 } as const;
      await stage.sendTasks(pipelineId, 1, task);
      await stage.done(pipelineId, 1, sinceMs);
      const lines = await eventually(
        () => taskLines(pipelineId, sinceMs),
        (all) => all.at(-1)?.fate === 'done',
        'the task is done',
      );
      const before = lines.slice(0, -1);
      expect(before.length).toBeGreaterThan(MAX_ATTEMPTS);
      expect(new Set(before.map(({ fate }) => fate))).toEqual(new Set(['giveBack']));
      expect(lines.map(({ attempt }) => attempt)).toEqual(lines.map(() => 1));
      expect(lines.at(-1)?.receives).toBe(lines.length);
    },
  });
});

/** Nothing is left in a queue, hidden or not. */
function emptied(queueUrl: string): Promise<boolean> {
  return eventually(
    async () => {
      const { visible = 0, delayed = 0, inFlight = 0 } = (await stage.queues.read(queueUrl))?.counts ?? {};
      return visible + delayed + inFlight === 0;
    },
    (isEmpty) => isEmpty,
    'the queue is empty',
  );
}
