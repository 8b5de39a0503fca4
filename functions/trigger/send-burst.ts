import type { OutgoingMessage, Ports } from '../../aws/ports.ts';
import {
  ASSUMED_TASK_SECONDS,
  BURST_ATTRIBUTES,
  type BurstResult,
  makeBurstId,
  refuseBeyondBacklog,
  taskBody,
  taskCount,
} from '../../core/burst.ts';
import { type Burst, invalidInput, parseBurst } from '../../core/burst-input.ts';
import { parseSpread, type Spread, type Wanted } from '../../core/config-record.ts';
import { DUE_ATTRIBUTE } from '../../core/consumer-code.ts';
import type { ReadyStatus } from '../../core/readiness.ts';
import { Refused } from '../../core/refused.ts';
import { planSpread } from '../../core/spread.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { noteActivity, wakeIfResting, wakeIfRestingNow } from './keep-awake.ts';
import { readyPipeline } from './ready-pipeline.ts';
import { sendAll } from './send-all.ts';

/**
 * Takes a burst and hands it to its pipeline's queue, spread out.
 * @param input `{pipelineId, tasks | count, spread?, burstId?}`
 * @param deadlineMs when this function must be over, epoch milliseconds
 * @throws {Refused} where nothing was sent
 */
export async function sendBurst(
  input: unknown,
  ports: Ports,
  settings: StageSettings,
  deadlineMs: number,
): Promise<BurstResult> {
  const burst = parseBurst(input);
  const { pipelineId, tasks } = burst;
  const count = taskCount(tasks);
  const status = await readyPipeline(pipelineId, ports);
  const { wanted } = status.applied;
  const spread = spreadOf(burst, wanted);
  const url = queueUrlOf(status);
  await makeSureOfRoom(count, wanted, url, ports);

  const { random } = ports;
  const plan = planSpread({
    count,
    spread,
    concurrency: wanted.concurrency,
    estimatedSeconds: ASSUMED_TASK_SECONDS,
    random,
  });
  const burstId = burst.burstId ?? makeBurstId(ports.clock.nowMs(), random);

  // Woken first, so that it is awake when the tasks are there; asked again after, in case it just went to rest.
  const latest = await noteActivity(status, ports);
  const woken = await wakeIfResting(latest, burstId, ports);
  const stopMs = deadlineMs - settings.timings.callSeconds * 1000;
  const sent = await sendAll(url, messagesOf(burst, burstId, plan.delaysSeconds, ports.clock), ports, stopMs);
  if (mayRest(wanted) && !woken) await wakeIfRestingNow(pipelineId, burstId, ports);

  const failed = sent.failed
    .map(({ id, code }) => ({ index: Number(id), code }))
    .sort((a, b) => a.index - b.index);
  ports.metrics.count('TasksAccepted', sent.accepted, { pipelineId, burstId });
  if (failed.length > 0) ports.metrics.count('TasksNotAccepted', failed.length, { pipelineId, burstId });
  ports.log.info('burst', {
    pipelineId,
    burstId,
    accepted: sent.accepted,
    failed: failed.length,
    spread: plan.window,
  });
  return {
    burstId,
    pipelineId,
    accepted: sent.accepted,
    failed,
    spread: plan.window,
    predicted: plan.predicted,
  };
}

/** The burst's own spread, else the record's. */
function spreadOf(burst: Burst, wanted: Wanted): Spread | undefined {
  if (burst.spread === undefined) return wanted.spread;
  const judged = parseSpread(burst.spread, wanted.messageRetentionSeconds);
  if (judged.kind === 'invalid') throw invalidInput(judged.problems);
  return judged.spread;
}

function queueUrlOf({ queueUrl, pipelineId }: ReadyStatus): string {
  if (queueUrl === undefined)
    throw new Refused('NotReady', `pipeline ${pipelineId} has no queue yet — try again`);
  return queueUrl;
}

async function makeSureOfRoom(count: number, wanted: Wanted, url: string, ports: Ports): Promise<void> {
  if (wanted.maxBacklog === undefined) return;
  const queue = await ports.queues.read(url);
  if (queue === undefined) {
    throw new Refused(
      'NotReady',
      `the queue of pipeline ${wanted.pipelineId} is gone and will be made again — try again later`,
    );
  }
  refuseBeyondBacklog(count, wanted, queue.counts);
}

function mayRest(wanted: Wanted): boolean {
  return wanted.restWhenIdleSeconds !== undefined;
}

/** The messages, made one by one. */
function* messagesOf(
  { tasks }: Burst,
  burstId: string,
  delaysSeconds: readonly number[],
  clock: Ports['clock'],
): Generator<OutgoingMessage, void> {
  for (const [index, delaySeconds] of delaysSeconds.entries()) {
    yield {
      id: String(index),
      body: taskBody(tasks, index),
      delaySeconds,
      attributes: {
        [BURST_ATTRIBUTES.burstId]: { type: 'String', value: burstId },
        [BURST_ATTRIBUTES.index]: { type: 'Number', value: String(index) },
        ...(delaySeconds > 0 && {
          [DUE_ATTRIBUTE]: { type: 'Number', value: String(clock.nowMs() + delaySeconds * 1000) },
        }),
      },
    };
  }
}
