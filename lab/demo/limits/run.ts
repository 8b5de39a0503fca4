import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskQueues } from '../../../aws/ports.ts';
import { type FakeApi, startFakeApi } from './api/server.ts';
import { GROUPS, type Group, type LimitsTask, scriptOf } from './groups.ts';
import { type GroupResult, type GroupRun, resultOf } from './results.ts';
import type { Change } from './watch.ts';

/** A group that is ready to work. */
export interface Ready {
  readonly group: Group;
  readonly concurrency: number;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** What a run goes by. */
export interface Run {
  readonly queues: Pick<TaskQueues, 'send' | 'read'>;
  /** Makes queues and consumers of all groups, which ask this API. */
  makeReady(apiUrl: string): Promise<readonly Ready[]>;
  /** What a group's tasks said to each other until now. */
  changes(group: string): readonly Change[];
  readonly say: (line: string) => void;
}

const LIMIT_SECONDS = 240;

/** An API of its own, all tasks, until they are worked off or have had long enough. */
export async function serveAll({ queues, makeReady, changes, say }: Run): Promise<GroupResult[]> {
  const api = await startFakeApi(
    GROUPS.map((group) => ({ name: group.name, script: scriptOf(group), answerMs: group.answerMs })),
  );
  try {
    const ready = await makeReady(api.url);
    await sendTasks(queues, ready);
    const ends = await untilWorkedOff(queues, ready, api, say);
    return ready.map(({ group, concurrency }, at) =>
      resultOf({
        group,
        concurrency,
        log: api.log(group.name),
        changes: changes(group.name),
        ...(ends[at] ?? { left: 0, deadLetters: 0 }),
      }),
    );
  } finally {
    await api.stop();
  }
}

const SEND_AT_ONCE = 10;

/** Sends every group all of its tasks. @throws if SQS refuses any */
async function sendTasks(queues: Pick<TaskQueues, 'send'>, groups: readonly Ready[]): Promise<void> {
  await Promise.all(
    groups.map(async ({ group, queueUrl }) => {
      for (let first = 1; first <= group.tasks; first += SEND_AT_ONCE) {
        const count = Math.min(SEND_AT_ONCE, group.tasks - first + 1);
        const tasks = Array.from(
          { length: count },
          (_, at): LimitsTask => ({ group: group.name, task: first + at }),
        );
        const failures = await queues.send(
          queueUrl,
          tasks.map((task) => ({ id: String(task.task), body: JSON.stringify(task) })),
        );
        if (failures.length > 0) throw new Error(`${group.name}: SQS refused ${failures.length} tasks`);
      }
    }),
  );
}

const LOOK_EVERY_MS = 1_000;
const TELL_EVERY_MS = 15_000;

/**
 * Waits until nothing is left in the groups' queues, or for so long, and says along the way how far they are.
 * @returns what is left in each queue and in each dead-letter queue
 */
async function untilWorkedOff(
  queues: Pick<TaskQueues, 'read'>,
  groups: readonly Ready[],
  api: FakeApi,
  say: (line: string) => void,
): Promise<readonly Pick<GroupRun, 'left' | 'deadLetters'>[]> {
  const beganAtMs = Date.now();
  let toldAtMs = beganAtMs;
  for (;;) {
    const counts = await Promise.all(
      groups.map(async ({ queueUrl, deadLetterQueueUrl }) => ({
        left: await messagesIn(queues, queueUrl),
        deadLetters: await messagesIn(queues, deadLetterQueueUrl),
      })),
    );
    const isOver = counts.every(({ left }) => left === 0);
    const elapsedMs = Date.now() - beganAtMs;
    if (isOver || elapsedMs > LIMIT_SECONDS * 1000) return counts;
    if (Date.now() - toldAtMs >= TELL_EVERY_MS) {
      toldAtMs = Date.now();
      const ofEach = groups.map(({ group }, at) => {
        const served = api.log(group.name).requests.filter(({ status }) => status === 200).length;
        return `${group.name} ${served}, ${counts[at]?.left} left`;
      });
      say(`  ${(elapsedMs / 1000).toFixed(0).padStart(3)} s  ${ofEach.join(' · ')}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function messagesIn(queues: Pick<TaskQueues, 'read'>, url: string): Promise<number> {
  const { visible = 0, delayed = 0, inFlight = 0 } = (await queues.read(url))?.counts ?? {};
  return visible + delayed + inFlight;
}
