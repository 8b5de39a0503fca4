import { createHash } from 'node:crypto';
import { createProgressReader, type ProgressReader } from '../../aws/burst-progress.ts';
import { measuredTasks } from '../../aws/measured-tasks.ts';
import { putObject } from '../../aws/stage-inputs.ts';
import type { BurstOutlook } from '../../core/burst/foresee.ts';
import { boundsOfPipeline } from '../../core/burst/plan-measured.ts';
import { plannedCurve } from '../../core/burst/planned-curve.ts';
import type { BurstProgress } from '../../core/burst/progress.ts';
import type { BurstResult } from '../../core/burst/result.ts';
import { pipelineNames } from '../../core/names.ts';
import { readiness } from '../../core/readiness.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { stoppedBy } from '../../core/verdict/why.ts';
import { wordsOf } from '../../core/verdict/words.ts';
import type { Stage } from '../stage/stage.ts';
import { DeskFault, type TaskDesk } from '../views/desk.ts';
import { lookAtLetters } from './dead-letters.ts';
import { asked } from './faults.ts';

/** Letters that a look takes unless somebody says how many. */
const LETTERS_LOOKED_AT = 50;
/** Bursts that a list has at most. */
const BURSTS_LISTED = 50;
/** Bursts of which is remembered what was read; a list and some more. */
const READERS_KEPT = 60;
const CURVE_POINTS = 240;
const SILENT = { info: () => {}, warn: () => {} };

/** Tasks of a stage: sent by its trigger, steered and sent again by its own functions. */
export function createTaskDesk(stage: Stage): TaskDesk {
  const { ports, names } = stage;
  const { bursts, clock, queues } = ports;
  const call = (functionName: string, input: object) => asked(stage.call(functionName, input));
  const readerOf = createReaders(ports);
  const progressOf = async (burstId: string): Promise<BurstProgress | undefined> => readerOf(burstId).read();

  return {
    outlook: (pipelineId) => outlookOf(pipelineId, stage),
    send: async (burst) => (await call(names.functions.trigger, burst as object)) as BurstResult,

    async keepTasks(jsonLines) {
      const bucket = await stage.output('BurstBucket');
      // The same tasks are the same object: a burst that is handed over again goes on.
      const key = `sent/${createHash('sha256').update(jsonLines).digest('hex')}.jsonl`;
      await putObject(stage.patientClients().s3, bucket, key, jsonLines);
      return { bucket, key };
    },

    async bursts(pipelineId) {
      const found =
        pipelineId === undefined
          ? await bursts.open(Number.MAX_SAFE_INTEGER, BURSTS_LISTED)
          : (await bursts.ofPipeline(pipelineId, undefined, BURSTS_LISTED)).items;
      const newest = [...found].sort((a, b) => b.createdAtMs - a.createdAtMs);
      const all = await Promise.all(newest.map(({ burstId }) => progressOf(burstId)));
      return all.filter((one) => one !== undefined);
    },

    async burst(burstId) {
      const reader = readerOf(burstId);
      const [record, progress] = await Promise.all([bursts.read(burstId), reader.read()]);
      if (record !== undefined && progress !== undefined) {
        const curves = { predicted: plannedCurve(record), actual: reader.curve(CURVE_POINTS) };
        return { ...progress, curves };
      }
      throw new DeskFault(
        'Unknown',
        `there is no burst ${burstId}, or it ended more than 30 days ago — sluice watch shows those that are open`,
      );
    },

    steerBurst: (burstId, deed) => call(names.functions.burst, { ...deed, burstId }),

    async deadLetters(pipelineId, most = LETTERS_LOOKED_AT) {
      const url = await queues.find(pipelineNames(stage.stage, pipelineId).deadLetterQueue);
      if (url === undefined) throw unknownPipeline(pipelineId);
      return lookAtLetters(url, most, queues, clock.nowMs);
    },

    redrive: (pipelineId, wish) => call(names.functions.redrive, { ...wish, pipelineId }),
  };
}

/** Each goes on where it was: who asks again and again is read only what is new, also of a burst of millions. */
function createReaders(ports: Stage['ports']): (burstId: string) => ProgressReader {
  const readers = new Map<string, ProgressReader>();
  return (burstId) => {
    const reader = readers.get(burstId) ?? createProgressReader(ports, burstId);
    readers.delete(burstId);
    readers.set(burstId, reader);
    const [oldest] = readers.keys();
    if (oldest !== undefined && readers.size > READERS_KEPT) readers.delete(oldest);
    return reader;
  };
}

async function outlookOf(pipelineId: string, { ports }: Stage): Promise<BurstOutlook> {
  const status = await ports.statuses.read(pipelineId);
  const { applied, queueUrl } = await readyStatus(pipelineId, status, ports.configs);
  const { wanted } = applied;
  const [queue, measured, group] = await Promise.all([
    ports.queues.read(queueUrl),
    measuredTasks(wanted, { ...ports, log: SILENT }),
    ports.holds.read(pipelineId),
  ]);
  const nowMs = ports.clock.nowMs();
  const stop = stoppedBy({ nowMs, status, group, counts: queue?.counts });
  const { spread, timeoutSeconds, messageRetentionSeconds, paused } = wanted;
  return {
    pipelineId,
    bounds: boundsOfPipeline(wanted, queue?.counts),
    ...(spread !== undefined && { spread }),
    ...(measured !== undefined && { measured }),
    timeoutSeconds,
    messageRetentionSeconds,
    isPaused: paused,
    ...(stop && { stopped: { kind: stop.kind, ...wordsOf(stop, nowMs) } }),
  };
}

/** @throws {DeskFault} where it takes no tasks now */
async function readyStatus(
  pipelineId: string,
  status: StatusRecord | undefined,
  configs: Stage['ports']['configs'],
) {
  const hasRecord = (await configs.read(pipelineId)) !== undefined;
  const ready = readiness(pipelineId, status, hasRecord);
  switch (ready.kind) {
    case 'ready':
      return ready.status;
    case 'wait':
      throw new DeskFault('NotPossible', `pipeline ${pipelineId} is ${ready.phase} — try again in a moment`);
    case 'refused':
      throw new DeskFault(
        ready.refused.code === 'UnknownPipeline' ? 'Unknown' : 'NotPossible',
        ready.refused.message,
      );
  }
}

function unknownPipeline(pipelineId: string): DeskFault {
  return new DeskFault(
    'Unknown',
    `there is no pipeline ${pipelineId} — sluice ls shows those that there are`,
  );
}
