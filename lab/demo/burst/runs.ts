import { setTimeout as sleep } from 'node:timers/promises';
import { createBursts } from '../../../aws/bursts.ts';
import { systemClock } from '../../../aws/clock.ts';
import type { Bursts } from '../../../aws/ports.ts';
import type { BurstRecord } from '../../../core/burst/record.ts';
import { Chance } from '../../simulator/chance.ts';
import type { StageDriver } from '../../stage-driver.ts';
import type { Seen, Stamp } from './results.ts';
import { CONCURRENCY, TASKS, TIMEOUT_SECONDS, tasksOf, WINDOW } from './settings.ts';

const PIPELINE = 'documents';

/** What the runs go by. */
export interface BurstStage {
  readonly stage: StageDriver;
  readonly bursts: Bursts;
  readonly queueUrl: string;
  readonly say: (line: string) => void;
}

/** A pipeline with every place started once: how long that takes is not what is compared. */
export async function makeReady(
  stage: StageDriver,
  burstsTable: string,
  say: (line: string) => void,
): Promise<BurstStage> {
  await stage.putConfigRecord({
    pipelineId: PIPELINE,
    concurrency: CONCURRENCY,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  const { queueUrl = '' } = await stage.until(PIPELINE, ({ phase }) => phase === 'Active');
  const ready = {
    stage,
    queueUrl,
    say,
    bursts: createBursts(stage.clients.documents, burstsTable, systemClock),
  };
  const sinceMs = Date.now();
  await stage.send({ pipelineId: PIPELINE, tasks: tasksOf(CONCURRENCY, WARM_UP_SECONDS) });
  await stampsSince(ready, sinceMs, CONCURRENCY);
  return ready;
}

/** So long that a place which has just started does not take the task of one that starts yet. */
const WARM_UP_SECONDS = 8;

/** Without a spread: nothing but the pipeline's limits flattens it. */
export async function runAtOnce(ready: BurstStage): Promise<Seen> {
  const burst = await trigger(ready, { burstId: 'at-once' });
  return { way: 'at once', ...burst };
}

/** As the well-known exercise has it: each message a random delay of its own. */
export async function runRandom(ready: BurstStage): Promise<Seen> {
  const { stage, queueUrl } = ready;
  const chance = new Chance(1, 'burst demo');
  const messages = tasksOf(TASKS).map((task) => ({
    id: String(task.document),
    body: JSON.stringify(task),
    delaySeconds: chance.whole(WINDOW.minSeconds, WINDOW.maxSeconds),
  }));
  const handedOverMs = Date.now();
  for (let at = 0; at < messages.length; at += 10) {
    const failures = await stage.queues.send(queueUrl, messages.slice(at, at + 10));
    if (failures.length > 0) throw new Error(`SQS refused ${failures.length} tasks`);
  }
  return { way: 'random', handedOverMs, stamps: await stampsSince(ready, handedOverMs, TASKS) };
}

/** Planned over the same window. */
export async function runPlanned(ready: BurstStage): Promise<Seen> {
  const burst = await trigger(ready, { burstId: 'planned', spread: WINDOW });
  return { way: 'planned', ...burst };
}

async function trigger(
  ready: BurstStage,
  burst: { readonly burstId: string; readonly spread?: typeof WINDOW },
): Promise<Omit<Seen, 'way'>> {
  const sinceMs = Date.now();
  const sent = await ready.stage.send({ pipelineId: PIPELINE, tasks: tasksOf(TASKS), ...burst });
  if (sent.accepted !== TASKS) throw new Error(`${sent.accepted} of ${TASKS} tasks were accepted`);
  const stamps = await stampsSince(ready, sinceMs, TASKS);
  const record = await untilEnded(ready.bursts, burst.burstId);
  return { handedOverMs: record?.segments[0]?.startMs ?? sinceMs, stamps, record };
}

const END_WITHIN_MS = 60_000;

/** The burst's record once it has ended, or as it is after a while. */
async function untilEnded(bursts: Bursts, burstId: string): Promise<BurstRecord | undefined> {
  const endMs = Date.now() + END_WITHIN_MS;
  for (;;) {
    const record = await bursts.read(burstId);
    if (record?.state === 'Ended' || Date.now() > endMs) return record;
    await sleep(500);
  }
}

const RUN_WITHIN_MS = 240_000;
const TELL_EVERY_MS = 20_000;

/** Waits until so many tasks have ended, and answers the stamps of all since then. */
async function stampsSince(
  { stage, say }: Pick<BurstStage, 'stage' | 'say'>,
  sinceMs: number,
  tasks: number,
): Promise<Stamp[]> {
  let toldAtMs = sinceMs;
  for (;;) {
    const stamps = stampsIn(await stage.logLines(sinceMs), sinceMs);
    if (stamps.length >= tasks) return stamps;
    const elapsedMs = Date.now() - sinceMs;
    if (elapsedMs > RUN_WITHIN_MS) throw new Error(`only ${stamps.length} of ${tasks} tasks have ended`);
    if (Date.now() - toldAtMs >= TELL_EVERY_MS) {
      toldAtMs = Date.now();
      say(`  ${(elapsedMs / 1000).toFixed(0).padStart(3)} s  ${stamps.length} of ${tasks} done`);
    }
    await sleep(2_000);
  }
}

/** The runtime's line says when a task ran, the handler's own line which one it was. */
export function stampsIn(lines: readonly Readonly<Record<string, unknown>>[], sinceMs: number): Stamp[] {
  const documentOf = new Map<unknown, number>();
  for (const { messageId, document } of lines) {
    if (typeof document === 'number') documentOf.set(messageId, document);
  }
  return lines.flatMap(({ sluice, fate, messageId, startedAtMs, endedAtMs }) => {
    const document = documentOf.get(messageId);
    const isOurs = sluice === 'task' && fate === 'done' && Number(startedAtMs) >= sinceMs;
    return isOurs && document !== undefined
      ? [{ document, startedAtMs: Number(startedAtMs), endedAtMs: Number(endedAtMs) }]
      : [];
  });
}
